DROP FUNCTION event_follows() CASCADE
--;
DROP FUNCTION event_is_whole() CASCADE
--;
DROP FUNCTION account_opens_empty() CASCADE
--;
DROP FUNCTION account_is_opened() CASCADE
--;
DROP FUNCTION account_bounds_are_told() CASCADE
--;
DROP FUNCTION transfer_moves() CASCADE
--;
DROP FUNCTION record_belongs_to_its_event() CASCADE
