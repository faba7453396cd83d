CREATE TRIGGER event_follows BEFORE INSERT ON event
WHEN NOT EXISTS (
    SELECT 1 FROM head
    WHERE head.seq + 1 = NEW.seq AND head.hash = NEW.previous
      AND head.recorded_at <= NEW.recorded_at
)
BEGIN
    SELECT RAISE(ABORT, 'L9: an event must follow the last one in number, hash and time');
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
WHEN NEW.debits_posted + NEW.credits_posted + NEW.debits_pending + NEW.credits_pending <> 0
BEGIN
    SELECT RAISE(ABORT, 'L1: an account opens without a balance');
END
--;
CREATE TRIGGER transfer_is_sound BEFORE INSERT ON transfer
WHEN typeof(NEW.amount) <> 'integer'
  OR NEW.seq <> (SELECT seq FROM head)
  OR NOT EXISTS (
    SELECT 1 FROM account AS giver JOIN account AS taker ON taker.unit = giver.unit
    WHERE giver.id = NEW.debit AND taker.id = NEW.credit
      AND (
        NEW.kind IN ('void', 'timeout') OR NEW.reverses IS NOT NULL
        OR (giver.open_from IS NULL OR giver.open_from <= NEW.effective_on)
        AND (giver.open_until IS NULL OR giver.open_until > NEW.effective_on)
      )
  )
BEGIN
    SELECT RAISE(ABORT, 'L17: an amount is a whole number')
    WHERE typeof(NEW.amount) <> 'integer';
    SELECT RAISE(ABORT, 'L9: a transfer belongs to the event that is recorded with it')
    WHERE NEW.seq <> (SELECT seq FROM head);
    SELECT RAISE(ABORT, 'L1: a transfer joins two accounts of one unit')
    WHERE NOT EXISTS (
        SELECT 1 FROM account AS giver JOIN account AS taker ON taker.unit = giver.unit
        WHERE giver.id = NEW.debit AND taker.id = NEW.credit
    );
    SELECT RAISE(ABORT, 'L10: an account is debited on days on which it is open');
END
--;
CREATE TRIGGER transfer_posts AFTER INSERT ON transfer WHEN NEW.kind = 'posted'
BEGIN
    UPDATE account SET debits_posted = debits_posted + NEW.amount WHERE id = NEW.debit;
    UPDATE account SET credits_posted = credits_posted + NEW.amount WHERE id = NEW.credit;
END
--;
CREATE TRIGGER transfer_holds AFTER INSERT ON transfer WHEN NEW.kind = 'pending'
BEGIN
    UPDATE account SET debits_pending = debits_pending + NEW.amount WHERE id = NEW.debit;
    UPDATE account SET credits_pending = credits_pending + NEW.amount WHERE id = NEW.credit;
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
        debits_posted = debits_posted + CASE NEW.kind WHEN 'post' THEN NEW.amount ELSE 0 END
    WHERE id = NEW.debit;
    UPDATE account SET
        credits_pending = credits_pending - (SELECT amount FROM hold WHERE id = NEW.holds),
        credits_posted = credits_posted + CASE NEW.kind WHEN 'post' THEN NEW.amount ELSE 0 END
    WHERE id = NEW.credit;
    DELETE FROM hold WHERE id = NEW.holds;
END
--;
CREATE TRIGGER transfer_reverses BEFORE INSERT ON transfer WHEN NEW.reverses IS NOT NULL
BEGIN
    SELECT RAISE(ABORT, 'L8: a contra undoes the whole of one posted transfer')
    WHERE NOT EXISTS (
        SELECT 1 FROM transfer
        WHERE id = NEW.reverses AND kind IN ('posted', 'post') AND reverses IS NULL
          AND debit = NEW.credit AND credit = NEW.debit AND amount = NEW.amount
    );
END
