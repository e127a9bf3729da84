insert into erasure_approval (erasure_id, account_id, approved_by)
values (%(id)s, %(account_id)s, %(approved_by)s)
on conflict do nothing;
