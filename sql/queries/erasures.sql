-- Erasures, the newest first (their ids are in the order of time), whole.
select
    erasure.id, erasure.ground, erasure.case_reference, erasure.whole, erasure.requested_by,
    erasure.requested_account, erasure.requested_at, erasure.state, erasure.settled_at, erasure.settled_by,
    erasure.entry_id,
    coalesce(
        (
            select jsonb_agg(
                jsonb_build_object(
                    'account', approval.account_id, 'by', approval.approved_by, 'username', account.username,
                    'at', approval.at
                )
                order by approval.at
            )
            from erasure_approval as approval
            left join account on account.id = approval.account_id
            where approval.erasure_id = erasure.id
        ),
        '[]'::jsonb
    ) as approvals,
    coalesce(
        (
            select jsonb_agg(
                jsonb_build_object(
                    'screening', item.screening_id, 'state', item.state, 'class', item.class, 'basis', item.basis,
                    'keep_until', item.keep_until
                )
                order by item.screening_id
            )
            from erasure_item as item
            where item.erasure_id = erasure.id
        ),
        '[]'::jsonb
    ) as items,
    (select account.username from account where account.id = erasure.requested_account) as requested_username
from erasure
where (%(id)s::uuid is null or erasure.id = %(id)s)
    and (%(state)s::text is null or erasure.state = %(state)s)
    and (
        %(screening)s::uuid is null
        or erasure.id = (select erasure_id from screening_erased where screening_id = %(screening)s)
    )
    and (%(before)s::uuid is null or erasure.id < %(before)s)
order by erasure.id desc
limit %(rows)s;
