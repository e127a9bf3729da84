-- What is on record of screenings, by their ids or by the caller's reference. Without request: it was erased.
select
    screening.id, screening.audit_entry_id as entry_id, screening.decided_at, private.request, private.answer,
    erased.erased_at
from screening
left join screening_private as private on private.screening_id = screening.id
left join screening_erased as erased on erased.screening_id = screening.id
where screening.id = any (%(screenings)s::uuid[]) or screening.reference = %(reference)s::text
order by screening.id
limit %(most)s;
