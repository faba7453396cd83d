DROP TRIGGER record_is_kept
--;
DROP TRIGGER record_belongs_to_its_event
