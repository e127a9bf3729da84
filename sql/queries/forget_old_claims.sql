-- An Idempotency-Key is kept for a day.
delete from idempotency where created_at < now() - interval '24 hours';
