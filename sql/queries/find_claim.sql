-- An answer within 24 hours; its text is null where it was erased since.
select claim.fingerprint, claim.screening_id, private.answer
from idempotency as claim
left join screening_private as private using (screening_id)
where claim.actor = %(actor)s and claim.key = %(key)s and claim.created_at >= now() - interval '24 hours';
