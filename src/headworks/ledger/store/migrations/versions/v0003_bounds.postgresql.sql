CREATE FUNCTION event_follows() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    said json := NEW.body::json;
BEGIN
    IF NEW.by_right = 'round.revoke' AND NEW.second = '' THEN
        RAISE EXCEPTION 'L16: a round is revoked by two persons';
    END IF;
    IF EXISTS (SELECT FROM head WHERE opens + rebounds + records > 0) THEN
        RAISE EXCEPTION 'L7: an event is recorded with all of its accounts, bounds and records';
    END IF;
    UPDATE head SET
        seq = NEW.seq, hash = NEW.hash, recorded_at = NEW.recorded_at,
        opens = coalesce(json_array_length(said -> 'opens'), 0),
        rebounds = coalesce(json_array_length(said -> 'rebounds'), 0),
        records = coalesce(json_array_length(said -> 'records'), 0)
    WHERE seq + 1 = NEW.seq AND hash = NEW.previous
      AND recorded_at COLLATE "C" <= NEW.recorded_at COLLATE "C";
    IF NOT FOUND THEN
        RAISE EXCEPTION 'L9: an event must follow the last one in number, hash and time';
    END IF;
    IF NEW.transfers < 0
        OR NEW.last_transfer - NEW.transfers <> (SELECT coalesce(max(number), 0) FROM transfer)
        OR NEW.last_transfer - NEW.transfers
            <> coalesce((SELECT last_transfer FROM event WHERE seq = NEW.seq - 1), 0)
    THEN
        RAISE EXCEPTION 'L7: the transfers of events follow each other without a gap';
    END IF;
    RETURN NULL;
END $$
--;
CREATE TRIGGER event_follows AFTER INSERT ON event
FOR EACH ROW EXECUTE FUNCTION event_follows()
--;
CREATE FUNCTION event_is_whole() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.last_transfer > (SELECT coalesce(max(number), 0) FROM transfer) THEN
        RAISE EXCEPTION 'L7: an event is recorded with all of its transfers';
    END IF;
    IF EXISTS (SELECT FROM head WHERE opens + rebounds + records > 0) THEN
        RAISE EXCEPTION 'L7: an event is recorded with all of its accounts, bounds and records';
    END IF;
    RETURN NULL;
END $$
--;
CREATE CONSTRAINT TRIGGER event_is_whole AFTER INSERT ON event DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW EXECUTE FUNCTION event_is_whole()
--;
CREATE FUNCTION account_opens_empty() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.debits_posted + NEW.credits_posted + NEW.debits_pending + NEW.credits_pending <> 0
        OR NEW.moved_by <> 0
    THEN
        RAISE EXCEPTION 'L1: an account opens without a balance';
    END IF;
    IF NEW.floor > 0 OR NEW.ceiling < 0 THEN
        RAISE EXCEPTION 'L2: an account opens within its bounds';
    END IF;
    RETURN NEW;
END $$
--;
CREATE TRIGGER account_opens_empty BEFORE INSERT ON account
FOR EACH ROW EXECUTE FUNCTION account_opens_empty()
--;
CREATE FUNCTION account_is_opened() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE head SET opens = opens - (SELECT count(*) FROM added)
    WHERE opens >= (SELECT count(*) FROM added);
    IF NOT FOUND THEN
        RAISE EXCEPTION 'L14: an account is opened by an event alone';
    END IF;
    RETURN NULL;
END $$
--;
CREATE TRIGGER account_is_opened AFTER INSERT ON account REFERENCING NEW TABLE AS added
FOR EACH STATEMENT EXECUTE FUNCTION account_is_opened()
--;
CREATE FUNCTION account_bounds_are_told() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE head SET rebounds = rebounds - 1 WHERE rebounds > 0;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'L14: bounds and days are moved by an event alone';
    END IF;
    RETURN NEW;
END $$
--;
CREATE TRIGGER account_bounds_are_told
BEFORE UPDATE OF floor, ceiling, open_from, open_until ON account
FOR EACH ROW EXECUTE FUNCTION account_bounds_are_told()
--;
-- All transfers of a statement move their accounts at once, since each version of an account's row
-- that a transaction makes lengthens the way to the newest; running sums see what stood between.
-- Where an event has moved a bound past what is there, a transfer can only lead back.
CREATE FUNCTION transfer_moves() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    broken boolean;
BEGIN
    WITH moving AS (
        SELECT added.number, added.debit, added.credit,
            CASE WHEN added.kind IN ('posted', 'post') THEN added.amount ELSE 0 END AS posted,
            CASE WHEN added.kind = 'pending' THEN added.amount ELSE -coalesce(held.amount, 0) END
                AS pending
        FROM added LEFT JOIN transfer AS held ON held.id = added.holds
    ), leg AS (
        SELECT number, debit AS account, posted AS debit_posted, pending AS debit_pending,
            0 AS credit_posted, 0 AS credit_pending
        FROM moving
        UNION ALL SELECT number, credit, 0, 0, posted, pending FROM moving
    ), step AS (
        SELECT leg.*,
            account.credits_posted - account.debits_posted - account.debits_pending
                + sum(credit_posted - debit_posted - debit_pending) OVER so_far < account.floor
                AND credit_posted - debit_posted - debit_pending < 0
            OR account.credits_posted + account.credits_pending - account.debits_posted
                + sum(credit_posted + credit_pending - debit_posted) OVER so_far > account.ceiling
                AND credit_posted + credit_pending - debit_posted > 0
                AS passes
        FROM leg JOIN account ON account.id = leg.account
        WINDOW so_far AS (PARTITION BY leg.account ORDER BY leg.number)
    ), total AS (
        SELECT account, max(number) AS number, sum(debit_posted) AS debit_posted,
            sum(debit_pending) AS debit_pending, sum(credit_posted) AS credit_posted,
            sum(credit_pending) AS credit_pending, coalesce(bool_or(passes), false) AS passes
        FROM step GROUP BY account
    ), moved AS (
        UPDATE account SET
            debits_posted = debits_posted + debit_posted,
            debits_pending = debits_pending + debit_pending,
            credits_posted = credits_posted + credit_posted,
            credits_pending = credits_pending + credit_pending,
            moved_by = total.number
        FROM total WHERE account.id = total.account
        RETURNING total.passes
    )
    SELECT bool_or(passes) INTO broken FROM moved;
    IF broken THEN
        RAISE EXCEPTION 'L2: a transfer overdraws no account, and overfills none';
    END IF;
    INSERT INTO hold (id, debit, credit, amount, times_out_at)
    SELECT id, debit, credit, amount, times_out_at FROM added
    WHERE kind = 'pending' AND NOT EXISTS (SELECT FROM added AS ends WHERE ends.holds = added.id);
    DELETE FROM hold USING added WHERE hold.id = added.holds;
    RETURN NULL;
END $$
--;
CREATE TRIGGER transfer_moves AFTER INSERT ON transfer REFERENCING NEW TABLE AS added
FOR EACH STATEMENT EXECUTE FUNCTION transfer_moves()
--;
CREATE FUNCTION record_belongs_to_its_event() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE head SET records = records - (SELECT count(*) FROM added)
    WHERE records >= (SELECT count(*) FROM added)
      AND NOT EXISTS (SELECT FROM added WHERE added.seq <> head.seq);
    IF NOT FOUND THEN
        RAISE EXCEPTION 'L8: a record is written once, by the event that is recorded with it';
    END IF;
    RETURN NULL;
END $$
--;
CREATE TRIGGER record_belongs_to_its_event AFTER INSERT ON record REFERENCING NEW TABLE AS added
FOR EACH STATEMENT EXECUTE FUNCTION record_belongs_to_its_event()
