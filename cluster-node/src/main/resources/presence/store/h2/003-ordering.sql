-- Where its sequence stands is a commit of its own each time its cache is used up, with 32 numbers as often as the events
-- themselves under load. After a crash the rest of the cache is a gap.
ALTER TABLE event_journal ALTER COLUMN ordering SET CACHE 10000;
