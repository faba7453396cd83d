DROP FUNCTION event_follows() CASCADE
--;
DROP FUNCTION is_kept() CASCADE
--;
DROP FUNCTION account_opens_empty() CASCADE
--;
DROP FUNCTION transfer_moves() CASCADE
