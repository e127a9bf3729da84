-- Screenings old enough that their retention may have ended, that no erasure waits for; in the order of their ids,
-- which is that of time.
select
    screening.id, screening.audit_entry_id as entry_id, screening.decided_at, private.request, null::bytea as answer,
    null::timestamptz as erased_at
from screening
join screening_private as private on private.screening_id = screening.id
where screening.decided_at < %(before)s
    and not exists (
        select
        from erasure_item as item
        join erasure on erasure.id = item.erasure_id
        where item.screening_id = screening.id and erasure.state = 'requested'
    )
order by screening.id;
