CREATE TRIGGER record_is_kept BEFORE DELETE ON record
BEGIN
    SELECT RAISE(ABORT, 'L8: a record is never deleted');
END
--;
CREATE TRIGGER record_is_fixed BEFORE UPDATE ON record
BEGIN
    SELECT RAISE(ABORT, 'L8: a record is never changed, only followed by another version');
END
--;
CREATE TRIGGER record_belongs_to_its_event BEFORE INSERT ON record
WHEN NEW.seq <> (SELECT seq FROM head)
  OR EXISTS (SELECT 1 FROM record WHERE kind = NEW.kind AND id = NEW.id AND seq = NEW.seq)
BEGIN
    SELECT RAISE(ABORT, 'L8: a record is written once, by the event that is recorded with it');
END
