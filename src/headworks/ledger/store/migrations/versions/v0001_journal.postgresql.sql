CREATE FUNCTION event_follows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE head SET seq = NEW.seq, hash = NEW.hash, recorded_at = NEW.recorded_at
    WHERE seq + 1 = NEW.seq AND hash = NEW.previous
      AND recorded_at COLLATE "C" <= NEW.recorded_at COLLATE "C";
    IF NOT FOUND THEN
        RAISE EXCEPTION 'L9: an event must follow the last one in number, hash and time';
    END IF;
    RETURN NEW;
END $$
--;
CREATE TRIGGER event_follows BEFORE INSERT ON event
FOR EACH ROW EXECUTE FUNCTION event_follows()
--;
CREATE FUNCTION is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'L8: % is never changed or deleted', TG_ARGV[0];
END $$
--;
CREATE TRIGGER event_is_kept BEFORE UPDATE OR DELETE ON event
FOR EACH ROW EXECUTE FUNCTION is_kept('an event')
--;
CREATE TRIGGER event_is_not_emptied BEFORE TRUNCATE ON event
FOR EACH STATEMENT EXECUTE FUNCTION is_kept('an event')
--;
CREATE TRIGGER transfer_is_kept BEFORE UPDATE OR DELETE ON transfer
FOR EACH ROW EXECUTE FUNCTION is_kept('a transfer')
--;
CREATE TRIGGER transfer_is_not_emptied BEFORE TRUNCATE ON transfer
FOR EACH STATEMENT EXECUTE FUNCTION is_kept('a transfer')
--;
CREATE TRIGGER account_is_kept BEFORE DELETE OR UPDATE OF id, name, unit ON account
FOR EACH ROW EXECUTE FUNCTION is_kept('an account, with its name and its unit,')
--;
CREATE FUNCTION account_opens_empty() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.debits_posted + NEW.credits_posted + NEW.debits_pending + NEW.credits_pending <> 0 THEN
        RAISE EXCEPTION 'L1: an account opens without a balance';
    END IF;
    RETURN NEW;
END $$
--;
CREATE TRIGGER account_opens_empty BEFORE INSERT ON account
FOR EACH ROW EXECUTE FUNCTION account_opens_empty()
--;
CREATE FUNCTION transfer_moves() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    giver account%ROWTYPE;
    taker account%ROWTYPE;
    held bigint := 0;
BEGIN
    SELECT * INTO giver FROM account WHERE id = NEW.debit;
    SELECT * INTO taker FROM account WHERE id = NEW.credit;
    IF NEW.seq <> (SELECT seq FROM head) THEN
        RAISE EXCEPTION 'L9: a transfer belongs to the event that is recorded with it';
    END IF;
    IF giver.unit IS NULL OR giver.unit IS DISTINCT FROM taker.unit THEN
        RAISE EXCEPTION 'L1: a transfer joins two accounts of one unit';
    END IF;
    IF NEW.kind NOT IN ('void', 'timeout') AND NEW.reverses IS NULL AND (
        giver.open_from COLLATE "C" > NEW.effective_on COLLATE "C"
        OR giver.open_until COLLATE "C" <= NEW.effective_on COLLATE "C"
    ) THEN
        RAISE EXCEPTION 'L10: an account is debited on days on which it is open';
    END IF;
    IF NEW.reverses IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM transfer
        WHERE id = NEW.reverses AND kind IN ('posted', 'post') AND reverses IS NULL
          AND debit = NEW.credit AND credit = NEW.debit AND amount = NEW.amount
    ) THEN
        RAISE EXCEPTION 'L8: a contra undoes the whole of one posted transfer';
    END IF;
    IF NEW.kind = 'pending' THEN
        UPDATE account SET debits_pending = debits_pending + NEW.amount WHERE id = NEW.debit;
        UPDATE account SET credits_pending = credits_pending + NEW.amount WHERE id = NEW.credit;
        INSERT INTO hold (id, debit, credit, amount, times_out_at)
        VALUES (NEW.id, NEW.debit, NEW.credit, NEW.amount, NEW.times_out_at);
        RETURN NEW;
    END IF;
    IF NEW.holds IS NOT NULL THEN
        DELETE FROM hold
        WHERE id = NEW.holds AND debit = NEW.debit AND credit = NEW.credit
          AND (amount = NEW.amount OR NEW.kind = 'post' AND amount > NEW.amount)
        RETURNING amount INTO held;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'L6: a hold ends once, within its amount and between its accounts';
        END IF;
    END IF;
    UPDATE account SET
        debits_pending = debits_pending - held,
        debits_posted = debits_posted
            + CASE WHEN NEW.kind IN ('void', 'timeout') THEN 0 ELSE NEW.amount END
    WHERE id = NEW.debit;
    UPDATE account SET
        credits_pending = credits_pending - held,
        credits_posted = credits_posted
            + CASE WHEN NEW.kind IN ('void', 'timeout') THEN 0 ELSE NEW.amount END
    WHERE id = NEW.credit;
    RETURN NEW;
END $$
--;
CREATE TRIGGER transfer_moves BEFORE INSERT ON transfer
FOR EACH ROW EXECUTE FUNCTION transfer_moves()
