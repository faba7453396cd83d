DROP TRIGGER transfer_is_kept
--;
DROP TRIGGER event_is_kept
--;
DROP TRIGGER account_is_kept
--;
DROP TRIGGER head_is_kept
--;
DROP TRIGGER hold_ends
