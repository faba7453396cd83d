DROP TRIGGER record_is_kept
