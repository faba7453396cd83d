CREATE FUNCTION event_follows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE head SET seq = NEW.seq, hash = NEW.hash, recorded_at = NEW.recorded_at
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
    RETURN NULL;
END $$
--;
CREATE CONSTRAINT TRIGGER event_is_whole AFTER INSERT ON event DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW EXECUTE FUNCTION event_is_whole()
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
CREATE TRIGGER account_is_not_emptied BEFORE TRUNCATE ON account
FOR EACH STATEMENT EXECUTE FUNCTION is_kept('an account')
--;
CREATE TRIGGER head_is_kept BEFORE DELETE ON head
FOR EACH ROW EXECUTE FUNCTION is_kept('the head')
--;
CREATE TRIGGER head_is_not_emptied BEFORE TRUNCATE ON head
FOR EACH STATEMENT EXECUTE FUNCTION is_kept('the head')
--;
CREATE TRIGGER hold_is_not_emptied BEFORE TRUNCATE ON hold
FOR EACH STATEMENT EXECUTE FUNCTION is_kept('a hold')
--;
CREATE FUNCTION is_moved_by_triggers() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- 1 is this trigger, called by a statement of the client.
    IF pg_trigger_depth() < 2 THEN
        RAISE EXCEPTION '%', TG_ARGV[0];
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    RETURN NEW;
END $$
--;
CREATE TRIGGER account_moves_by_transfers
BEFORE UPDATE OF debits_posted, credits_posted, debits_pending, credits_pending, moved_by ON account
FOR EACH ROW EXECUTE FUNCTION is_moved_by_triggers(
    'L1: the sums of an account are moved by transfers alone'
)
--;
CREATE TRIGGER head_follows_events BEFORE UPDATE ON head
FOR EACH ROW EXECUTE FUNCTION is_moved_by_triggers('L9: the head is the last event')
--;
CREATE TRIGGER hold_follows_transfers BEFORE INSERT OR UPDATE OR DELETE ON hold
FOR EACH ROW EXECUTE FUNCTION is_moved_by_triggers(
    'L6: a hold is begun and ended by transfers alone'
)
--;
CREATE FUNCTION account_opens_empty() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.debits_posted + NEW.credits_posted + NEW.debits_pending + NEW.credits_pending <> 0
        OR NEW.moved_by <> 0
    THEN
        RAISE EXCEPTION 'L1: an account opens without a balance';
    END IF;
    RETURN NEW;
END $$
--;
CREATE TRIGGER account_opens_empty BEFORE INSERT ON account
FOR EACH ROW EXECUTE FUNCTION account_opens_empty()
--;
CREATE FUNCTION transfer_is_sound() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    last event%ROWTYPE;
BEGIN
    SELECT event.* INTO last FROM head JOIN event ON event.seq = head.seq;
    IF EXISTS (
        SELECT FROM added
        WHERE last.seq IS NULL OR seq <> last.seq OR number > last.last_transfer
           OR number <= last.last_transfer - last.transfers
    ) THEN
        RAISE EXCEPTION 'L7: a transfer belongs to the event that is recorded with it';
    END IF;
    IF EXISTS (
        SELECT FROM added
        LEFT JOIN account AS giver ON giver.id = debit
        LEFT JOIN account AS taker ON taker.id = credit
        WHERE giver.unit IS NULL OR giver.unit IS DISTINCT FROM taker.unit
    ) THEN
        RAISE EXCEPTION 'L1: a transfer joins two accounts of one unit';
    END IF;
    IF EXISTS (
        SELECT FROM added JOIN account AS giver ON giver.id = debit
        WHERE kind NOT IN ('void', 'timeout') AND reverses IS NULL AND (
            giver.open_from COLLATE "C" > effective_on COLLATE "C"
            OR giver.open_until COLLATE "C" <= effective_on COLLATE "C"
        )
    ) THEN
        RAISE EXCEPTION 'L10: an account is debited on days on which it is open';
    END IF;
    IF EXISTS (
        SELECT FROM added WHERE reverses IS NOT NULL AND NOT EXISTS (
            SELECT FROM transfer AS undone
            WHERE undone.id = added.reverses AND undone.kind IN ('posted', 'post')
              AND undone.reverses IS NULL AND undone.number < added.number
              AND undone.debit = added.credit AND undone.credit = added.debit
              AND undone.amount = added.amount
        )
    ) THEN
        RAISE EXCEPTION 'L8: a contra undoes the whole of one posted transfer, once';
    END IF;
    IF EXISTS (
        SELECT FROM added WHERE holds IS NOT NULL AND NOT EXISTS (
            SELECT FROM transfer AS held
            WHERE held.id = added.holds AND held.kind = 'pending' AND held.number < added.number
              AND held.debit = added.debit AND held.credit = added.credit
              AND (held.amount = added.amount OR added.kind = 'post' AND held.amount > added.amount)
        )
    ) THEN
        RAISE EXCEPTION 'L6: a hold ends once, within its amount and between its accounts';
    END IF;
    RETURN NULL;
END $$
--;
CREATE TRIGGER transfer_is_sound AFTER INSERT ON transfer REFERENCING NEW TABLE AS added
FOR EACH STATEMENT EXECUTE FUNCTION transfer_is_sound()
--;
-- All transfers of a statement move their accounts at once, since each version of an account's row
-- that a transaction makes lengthens the way to the newest; running sums see what stood between.
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
            OR account.credits_posted + account.credits_pending - account.debits_posted
                + sum(credit_posted + credit_pending - debit_posted) OVER so_far > account.ceiling
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
