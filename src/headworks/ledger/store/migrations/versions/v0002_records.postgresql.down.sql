DROP TRIGGER record_is_kept ON record
--;
DROP TRIGGER record_is_not_emptied ON record
--;
DROP FUNCTION record_belongs_to_its_event() CASCADE
