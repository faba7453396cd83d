DROP TRIGGER head_follows_events
--;
DROP TRIGGER event_follows
--;
DROP TRIGGER event_leads
--;
DROP TRIGGER account_is_kept
--;
DROP TRIGGER account_keeps_its_name
--;
DROP TRIGGER account_opens_empty
--;
DROP TRIGGER account_is_opened
--;
DROP TRIGGER account_bounds_are_told
--;
DROP TRIGGER account_moves_by_transfers
--;
DROP TRIGGER transfer_is_sound
--;
DROP TRIGGER transfer_posts
--;
DROP TRIGGER transfer_holds
--;
DROP TRIGGER transfer_ends
--;
DROP TRIGGER record_belongs_to_its_event
--;
DROP TRIGGER record_is_told
