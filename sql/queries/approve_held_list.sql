insert into list_approval (list_id, version, against, account_id, allows_older, reason)
values (%(list_id)s, %(version)s, %(against)s, %(account_id)s, %(allows_older)s, %(reason)s)
on conflict do nothing;
