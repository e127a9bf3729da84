-- Only accounts that may still sign in count.
select count(*)
from list_approval as approval
join account on account.id = approval.account_id
where approval.list_id = %(list_id)s
    and approval.version = %(version)s
    and approval.against = %(against)s
    and account.disabled_at is null
    and account.role = any (%(roles)s)
    and (approval.allows_older or not %(must_allow_older)s);
