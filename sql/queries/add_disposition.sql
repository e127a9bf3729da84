insert into disposition (id, screening_id, account_id, role, verdict, at, settles, entry_id)
values (%(id)s, %(screening_id)s, %(account_id)s, %(role)s, %(verdict)s, %(at)s, %(settles)s, %(entry_id)s);
