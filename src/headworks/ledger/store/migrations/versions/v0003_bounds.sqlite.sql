-- What the event has not yet written is counted down, row by row; nothing counts it up but an event.
CREATE TRIGGER head_follows_events BEFORE UPDATE ON head
WHEN NEW.id <> OLD.id
  OR NEW.seq = OLD.seq AND (
    NEW.hash <> OLD.hash OR NEW.recorded_at <> OLD.recorded_at
    OR NEW.opens > OLD.opens OR NEW.rebounds > OLD.rebounds OR NEW.records > OLD.records
    OR NEW.opens < 0 OR NEW.rebounds < 0 OR NEW.records < 0
  )
  OR NEW.seq <> OLD.seq AND (
    NEW.seq <> OLD.seq + 1 OR NOT EXISTS (
        SELECT 1 FROM event
        WHERE seq = NEW.seq AND hash = NEW.hash AND recorded_at = NEW.recorded_at
    )
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
  OR EXISTS (SELECT 1 FROM head WHERE opens + rebounds + records > 0)
  OR NEW.by_right = 'round.revoke' AND NEW.second = ''
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
    SELECT RAISE(ABORT, 'L16: a round is revoked by two persons')
    WHERE NEW.by_right = 'round.revoke' AND NEW.second = '';
    SELECT RAISE(ABORT, 'L7: an event is recorded with all of its accounts, bounds and records')
    WHERE EXISTS (SELECT 1 FROM head WHERE opens + rebounds + records > 0);
    SELECT RAISE(ABORT, 'L7: the transfers of events follow each other without a gap');
END
--;
CREATE TRIGGER event_leads AFTER INSERT ON event
BEGIN
    UPDATE head SET
        seq = NEW.seq, hash = NEW.hash, recorded_at = NEW.recorded_at,
        opens = coalesce(json_array_length(NEW.body, '$.opens'), 0),
        rebounds = coalesce(json_array_length(NEW.body, '$.rebounds'), 0),
        records = coalesce(json_array_length(NEW.body, '$.records'), 0);
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
    SELECT RAISE(ABORT, 'L2: an account opens within its bounds')
    WHERE NEW.floor > 0 OR NEW.ceiling < 0;
    SELECT RAISE(ABORT, 'L14: an account is opened by an event alone')
    WHERE NOT EXISTS (SELECT 1 FROM head WHERE opens > 0);
END
--;
CREATE TRIGGER account_is_opened AFTER INSERT ON account
BEGIN
    UPDATE head SET opens = opens - 1;
END
--;
CREATE TRIGGER account_bounds_are_told
BEFORE UPDATE OF floor, ceiling, open_from, open_until ON account
BEGIN
    SELECT RAISE(ABORT, 'L17: a bound is a whole number')
    WHERE typeof(NEW.floor) NOT IN ('integer', 'null')
       OR typeof(NEW.ceiling) NOT IN ('integer', 'null');
    SELECT RAISE(ABORT, 'L14: bounds and days are moved by an event alone')
    WHERE NOT EXISTS (SELECT 1 FROM head WHERE rebounds > 0);
    UPDATE head SET rebounds = rebounds - 1;
END
--;
-- A transfer moves an account once, as it is recorded. Who forges the number as well is found by
-- verification; to compare the sums here would cost more than all other checks together. Where an
-- event has moved a bound past what is there, a transfer can only lead back.
CREATE TRIGGER account_moves_by_transfers
BEFORE UPDATE OF debits_posted, credits_posted, debits_pending, credits_pending, moved_by ON account
WHEN NEW.moved_by <= OLD.moved_by OR NEW.moved_by <> (SELECT max(number) FROM transfer)
  OR NEW.credits_posted - NEW.debits_posted - NEW.debits_pending < NEW.floor
    AND NEW.credits_posted - NEW.debits_posted - NEW.debits_pending
      < OLD.credits_posted - OLD.debits_posted - OLD.debits_pending
  OR NEW.credits_posted + NEW.credits_pending - NEW.debits_posted > NEW.ceiling
    AND NEW.credits_posted + NEW.credits_pending - NEW.debits_posted
      > OLD.credits_posted + OLD.credits_pending - OLD.debits_posted
BEGIN
    SELECT RAISE(ABORT, 'L1: the sums of an account are moved by transfers alone')
    WHERE NEW.moved_by <= OLD.moved_by OR NEW.moved_by <> (SELECT max(number) FROM transfer);
    SELECT RAISE(ABORT, 'L2: a transfer overdraws no account')
    WHERE NEW.credits_posted - NEW.debits_posted - NEW.debits_pending < NEW.floor
      AND NEW.credits_posted - NEW.debits_posted - NEW.debits_pending
        < OLD.credits_posted - OLD.debits_posted - OLD.debits_pending;
    SELECT RAISE(ABORT, 'L2: a transfer overfills no account');
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
CREATE TRIGGER record_belongs_to_its_event BEFORE INSERT ON record
WHEN NEW.seq <> (SELECT seq FROM head)
  OR NOT EXISTS (SELECT 1 FROM head WHERE records > 0)
  OR EXISTS (SELECT 1 FROM record WHERE kind = NEW.kind AND id = NEW.id AND seq = NEW.seq)
BEGIN
    SELECT RAISE(ABORT, 'L8: a record is written once, by the event that is recorded with it');
END
--;
CREATE TRIGGER record_is_told AFTER INSERT ON record
BEGIN
    UPDATE head SET records = records - 1;
END
