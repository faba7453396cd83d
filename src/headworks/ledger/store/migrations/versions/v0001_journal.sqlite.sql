CREATE TRIGGER head_is_one BEFORE INSERT ON head
BEGIN
    SELECT RAISE(ABORT, 'L9: there is one head');
END
--;
CREATE TRIGGER head_is_kept BEFORE DELETE ON head
BEGIN
    SELECT RAISE(ABORT, 'L9: the head is never deleted');
END
--;
CREATE TRIGGER head_follows_events BEFORE UPDATE ON head
WHEN NEW.id <> OLD.id OR NEW.seq <> OLD.seq + 1 OR NOT EXISTS (
    SELECT 1 FROM event
    WHERE seq = NEW.seq AND hash = NEW.hash AND recorded_at = NEW.recorded_at
)
BEGIN
    SELECT RAISE(ABORT, 'L9: the head is the last event');
END
--;
CREATE TRIGGER event_follows BEFORE INSERT ON event
WHEN NOT EXISTS (
    SELECT 1 FROM head
    WHERE head.seq + 1 = NEW.seq AND head.hash = NEW.previous
      AND head.recorded_at <= NEW.recorded_at
)
  OR NEW.transfers < 0
  OR NEW.last_transfer - NEW.transfers <> (SELECT coalesce(max(number), 0) FROM transfer)
  OR NEW.last_transfer - NEW.transfers
    <> coalesce((SELECT last_transfer FROM event WHERE seq = NEW.seq - 1), 0)
  -- Said here too, since INSERT OR REPLACE deletes what stands in its way, past all triggers.
  OR EXISTS (SELECT 1 FROM event WHERE id = NEW.id)
BEGIN
    SELECT RAISE(ABORT, 'L5: an event is recorded once')
    WHERE EXISTS (SELECT 1 FROM event WHERE id = NEW.id);
    SELECT RAISE(ABORT, 'L9: an event must follow the last one in number, hash and time')
    WHERE NOT EXISTS (
        SELECT 1 FROM head
        WHERE head.seq + 1 = NEW.seq AND head.hash = NEW.previous
          AND head.recorded_at <= NEW.recorded_at
    );
    SELECT RAISE(ABORT, 'L7: the transfers of events follow each other without a gap');
END
--;
CREATE TRIGGER event_leads AFTER INSERT ON event
BEGIN
    UPDATE head SET seq = NEW.seq, hash = NEW.hash, recorded_at = NEW.recorded_at;
END
--;
CREATE TRIGGER event_is_kept BEFORE DELETE ON event
BEGIN
    SELECT RAISE(ABORT, 'L8: an event is never deleted');
END
--;
CREATE TRIGGER event_is_fixed BEFORE UPDATE ON event
BEGIN
    SELECT RAISE(ABORT, 'L8: an event is never changed');
END
--;
CREATE TRIGGER transfer_is_kept BEFORE DELETE ON transfer
BEGIN
    SELECT RAISE(ABORT, 'L8: a transfer is never deleted');
END
--;
CREATE TRIGGER transfer_is_fixed BEFORE UPDATE ON transfer
BEGIN
    SELECT RAISE(ABORT, 'L8: a transfer is never changed');
END
--;
CREATE TRIGGER account_is_kept BEFORE DELETE ON account
BEGIN
    SELECT RAISE(ABORT, 'L8: an account is never deleted');
END
--;
CREATE TRIGGER account_keeps_its_name BEFORE UPDATE OF id, name, unit ON account
BEGIN
    SELECT RAISE(ABORT, 'L8: an account keeps its name and its unit');
END
--;
CREATE TRIGGER account_opens_empty BEFORE INSERT ON account
BEGIN
    SELECT RAISE(ABORT, 'L1: an account opens without a balance')
    WHERE NEW.debits_posted + NEW.credits_posted + NEW.debits_pending + NEW.credits_pending <> 0
       OR NEW.moved_by <> 0;
    SELECT RAISE(ABORT, 'L8: an account is opened once')
    WHERE EXISTS (SELECT 1 FROM account WHERE name = NEW.name OR id = NEW.id);
    SELECT RAISE(ABORT, 'L17: a bound is a whole number')
    WHERE typeof(NEW.floor) NOT IN ('integer', 'null')
       OR typeof(NEW.ceiling) NOT IN ('integer', 'null');
END
--;
CREATE TRIGGER account_bounds_are_whole BEFORE UPDATE OF floor, ceiling ON account
WHEN typeof(NEW.floor) NOT IN ('integer', 'null') OR typeof(NEW.ceiling) NOT IN ('integer', 'null')
BEGIN
    SELECT RAISE(ABORT, 'L17: a bound is a whole number');
END
--;
-- A transfer moves an account once, as it is recorded. Who forges the number as well is found by
-- verification; to compare the sums here would cost more than all other checks together.
CREATE TRIGGER account_moves_by_transfers
BEFORE UPDATE OF debits_posted, credits_posted, debits_pending, credits_pending, moved_by ON account
WHEN NEW.moved_by <= OLD.moved_by OR NEW.moved_by <> (SELECT max(number) FROM transfer)
BEGIN
    SELECT RAISE(ABORT, 'L1: the sums of an account are moved by transfers alone');
END
--;
CREATE TRIGGER transfer_is_sound BEFORE INSERT ON transfer
WHEN typeof(NEW.amount) <> 'integer'
  OR NOT EXISTS (
    SELECT 1 FROM head, event, account AS giver, account AS taker
    WHERE head.seq = NEW.seq AND event.seq = NEW.seq AND event.last_transfer >= NEW.number
      AND giver.id = NEW.debit AND taker.id = NEW.credit AND giver.unit = taker.unit
      AND (
        (giver.open_from IS NULL OR giver.open_from <= NEW.effective_on)
        AND (giver.open_until IS NULL OR giver.open_until > NEW.effective_on)
        OR NEW.kind IN ('void', 'timeout') OR NEW.reverses IS NOT NULL
      )
  )
  OR NEW.number <> (SELECT coalesce(max(number), 0) + 1 FROM transfer)
  OR EXISTS (SELECT 1 FROM transfer WHERE id = NEW.id)
BEGIN
    SELECT RAISE(ABORT, 'L17: an amount is a whole number')
    WHERE typeof(NEW.amount) <> 'integer';
    SELECT RAISE(ABORT, 'L5: a transfer is recorded once')
    WHERE EXISTS (SELECT 1 FROM transfer WHERE id = NEW.id OR number = NEW.number);
    SELECT RAISE(ABORT, 'L7: a transfer belongs to the event that is recorded with it')
    WHERE NEW.number <> (SELECT coalesce(max(number), 0) + 1 FROM transfer) OR NOT EXISTS (
        SELECT 1 FROM head JOIN event ON event.seq = head.seq
        WHERE head.seq = NEW.seq AND event.last_transfer >= NEW.number
    );
    SELECT RAISE(ABORT, 'L1: a transfer joins two accounts of one unit')
    WHERE NOT EXISTS (
        SELECT 1 FROM account AS giver JOIN account AS taker ON taker.unit = giver.unit
        WHERE giver.id = NEW.debit AND taker.id = NEW.credit
    );
    SELECT RAISE(ABORT, 'L10: an account is debited on days on which it is open');
END
--;
-- Each move is counted, since INSERT OR IGNORE would pass over a bound that it breaks.
CREATE TRIGGER transfer_posts AFTER INSERT ON transfer WHEN NEW.kind = 'posted'
BEGIN
    UPDATE account SET debits_posted = debits_posted + NEW.amount, moved_by = NEW.number
    WHERE id = NEW.debit;
    SELECT RAISE(ABORT, 'L2: a transfer overdraws no account') WHERE changes() <> 1;
    UPDATE account SET credits_posted = credits_posted + NEW.amount, moved_by = NEW.number
    WHERE id = NEW.credit;
    SELECT RAISE(ABORT, 'L2: a transfer overfills no account') WHERE changes() <> 1;
END
--;
CREATE TRIGGER transfer_holds AFTER INSERT ON transfer WHEN NEW.kind = 'pending'
BEGIN
    UPDATE account SET debits_pending = debits_pending + NEW.amount, moved_by = NEW.number
    WHERE id = NEW.debit;
    SELECT RAISE(ABORT, 'L2: a transfer overdraws no account') WHERE changes() <> 1;
    UPDATE account SET credits_pending = credits_pending + NEW.amount, moved_by = NEW.number
    WHERE id = NEW.credit;
    SELECT RAISE(ABORT, 'L2: a transfer overfills no account') WHERE changes() <> 1;
    INSERT INTO hold (id, debit, credit, amount, times_out_at)
    VALUES (NEW.id, NEW.debit, NEW.credit, NEW.amount, NEW.times_out_at);
END
--;
CREATE TRIGGER transfer_ends AFTER INSERT ON transfer WHEN NEW.holds IS NOT NULL
BEGIN
    SELECT RAISE(ABORT, 'L6: a hold ends once, within its amount and between its accounts')
    WHERE NOT EXISTS (
        SELECT 1 FROM hold
        WHERE id = NEW.holds AND debit = NEW.debit AND credit = NEW.credit
          AND (amount = NEW.amount OR NEW.kind = 'post' AND amount > NEW.amount)
    );
    UPDATE account SET
        debits_pending = debits_pending - (SELECT amount FROM hold WHERE id = NEW.holds),
        debits_posted = debits_posted + CASE NEW.kind WHEN 'post' THEN NEW.amount ELSE 0 END,
        moved_by = NEW.number
    WHERE id = NEW.debit;
    SELECT RAISE(ABORT, 'L2: a transfer overdraws no account') WHERE changes() <> 1;
    UPDATE account SET
        credits_pending = credits_pending - (SELECT amount FROM hold WHERE id = NEW.holds),
        credits_posted = credits_posted + CASE NEW.kind WHEN 'post' THEN NEW.amount ELSE 0 END,
        moved_by = NEW.number
    WHERE id = NEW.credit;
    SELECT RAISE(ABORT, 'L2: a transfer overfills no account') WHERE changes() <> 1;
    DELETE FROM hold WHERE id = NEW.holds;
END
--;
CREATE TRIGGER transfer_reverses BEFORE INSERT ON transfer WHEN NEW.reverses IS NOT NULL
BEGIN
    SELECT RAISE(ABORT, 'L8: a contra undoes the whole of one posted transfer, once')
    WHERE NOT EXISTS (
        SELECT 1 FROM transfer
        WHERE id = NEW.reverses AND kind IN ('posted', 'post') AND reverses IS NULL
          AND debit = NEW.credit AND credit = NEW.debit AND amount = NEW.amount
    )
    OR EXISTS (SELECT 1 FROM transfer WHERE reverses = NEW.reverses);
END
--;
CREATE TRIGGER hold_begins BEFORE INSERT ON hold
WHEN EXISTS (SELECT 1 FROM transfer WHERE holds = NEW.id) OR NOT EXISTS (
    SELECT 1 FROM transfer
    WHERE id = NEW.id AND kind = 'pending' AND debit = NEW.debit AND credit = NEW.credit
      AND amount = NEW.amount AND times_out_at IS NEW.times_out_at
)
BEGIN
    SELECT RAISE(ABORT, 'L6: a hold is begun by a pending transfer alone');
END
--;
CREATE TRIGGER hold_is_fixed BEFORE UPDATE ON hold
BEGIN
    SELECT RAISE(ABORT, 'L6: a hold is never changed');
END
--;
CREATE TRIGGER hold_ends BEFORE DELETE ON hold
WHEN NOT EXISTS (SELECT 1 FROM transfer WHERE holds = OLD.id)
BEGIN
    SELECT RAISE(ABORT, 'L6: a hold is ended by a transfer alone');
END
