-- The persons behind an erasure who may still sign in with a role that counts: each one once.
select account.id
from account
where account.disabled_at is null
    and account.role = any (%(roles)s)
    and (
        account.id = (select requested_account from erasure where erasure.id = %(id)s)
        or account.id in (select account_id from erasure_approval where erasure_id = %(id)s)
    )
order by account.id;
