-- Every erasure that was carried out, with who asked and approved and with what it erased, the oldest first.
select
    erasure.id, erasure.entry_id, erasure.settled_at as at, erasure.ground,
    array[erasure.requested_by] || array_remove(array['account:' || erasure.requested_account], null) || coalesce(
        (
            select array_agg('account:' || approval.account_id order by approval.at)
            from erasure_approval as approval
            where approval.erasure_id = erasure.id
        ),
        array[erasure.settled_by]
    ) as by,
    coalesce(
        (
            select array_agg(item.screening_id order by item.screening_id)
            from erasure_item as item
            where item.erasure_id = erasure.id and item.state = 'erased'
        ),
        '{}'
    ) as screenings
from erasure
where erasure.state = 'done'
order by erasure.id;
