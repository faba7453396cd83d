CREATE TRIGGER record_is_kept BEFORE UPDATE OR DELETE ON record
FOR EACH ROW EXECUTE FUNCTION is_kept('a record')
--;
CREATE TRIGGER record_is_not_emptied BEFORE TRUNCATE ON record
FOR EACH STATEMENT EXECUTE FUNCTION is_kept('a record')
--;
CREATE FUNCTION record_belongs_to_its_event() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.seq <> (SELECT seq FROM head) THEN
        RAISE EXCEPTION 'L8: a record is written once, by the event that is recorded with it';
    END IF;
    RETURN NEW;
END $$
--;
CREATE TRIGGER record_belongs_to_its_event BEFORE INSERT ON record
FOR EACH ROW EXECUTE FUNCTION record_belongs_to_its_event()
