CREATE TRIGGER record_is_kept BEFORE DELETE ON record
BEGIN
    SELECT RAISE(ABORT, 'L8: a record is never deleted');
END
--;
CREATE TRIGGER record_is_fixed BEFORE UPDATE ON record
BEGIN
    SELECT RAISE(ABORT, 'L8: a record is never changed, only followed by another version');
END
