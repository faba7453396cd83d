DROP FUNCTION event_follows() CASCADE
--;
DROP FUNCTION event_is_whole() CASCADE
--;
DROP FUNCTION is_kept() CASCADE
--;
DROP FUNCTION is_moved_by_triggers() CASCADE
--;
DROP FUNCTION account_opens_empty() CASCADE
--;
DROP FUNCTION transfer_is_sound() CASCADE
--;
DROP FUNCTION transfer_moves() CASCADE
