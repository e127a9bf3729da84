"""Person or organisation, where a publisher lists both and does not say which.

The lists of BIS and of the Department of State give names only. A name counts as an organisation's where it
holds a word of organisations, a digit or a sign that no person's name has; else as a person's.
"""

from __future__ import annotations

import re

from service.lists.listing import ListingKind

_LEGAL_FORMS = """
ab ag ao aps bhd bv bvba cjsc co company corp corporation eood est fz fzc fze fzco fzllc gmbh inc incorporated jsc kft
kg kk lda limitada limited llc llp lp ltd ltda nv oao ojsc ooo oy oyj pao pjsc plc private pte pty pvt saoc sa sal
sarl sas sasu sdn doo dooel eood sia spa srl sro sti tic tov trust uab zao
""".split()
_KINDS = """
academy administration advisors affairs agency air aircraft airline airlines airways amt appliances arsenal
association associates authority automation autos aviation bank base battalion brigade broker brokers bureau
business center centre clinic club college commerce commercial commission committee communication communications
complex concern consortium construction consultancy consultants consulting contractors council defence defense
department design development directorate distribution division electric electronic electronics enterprise
enterprises equipment establishment exchange export exports express facility factory federation finance firm fleet force
forces forwarding foundation freight front fund general global government group guard guards headquarters holding
holdings hospital import imports industrial industries industry institut institute instruments insurance
intelligence international investment investments jihad joint lab laboratories laboratory line lines logistics
machine machinery management manufactory manufacturer manufacturing marine maritime market marketing materials
metal metals military mine mines mining ministry motors movement national navy network networks nuclear office
organisation organization overseas partner partners parts party petrochemical petroleum pharma pharmaceutical plant
plastics police port power precision processing procurement product production products program project radio
refinery regiment regional research sales school sciences scientific service services shipping shipyard sky society
software solution solutions spares squadron state station steel store stores strategic studio supplies supply
support surveillance system systems tannery team tech technic technical technique techniques technological
technologies technology telecom telecommunications trade traders trading training transport transportation travel
trust union unit university ventures vessel wings works workshop workshops
aktsionernoe anonim army brokerage constructora fabrika factoria gazprom gongsi huawei institut inversiones jewelry
obshchestvo optical optics otvetstvennostyu photonics predpriyatie prison proizvodstvennoe sanayi savunma
semiconductor semiconductors servicios shop sirketi ticaret universitet verf yatirim zavod
""".split()
_WORDS = frozenset(_LEGAL_FORMS) | frozenset(_KINDS)
_PERSON = re.compile(r"\b(?:individual|mr|mrs|ms|dr|jr|sr)\b\.?", re.IGNORECASE)
_NO_PERSON = re.compile(r"[0-9&/]|\b(?:a/s|d/b/a)\b", re.IGNORECASE)
_DOTTED = re.compile(r"\b(?:[a-z]\.){2,}", re.IGNORECASE)  # L.L.C., S.A.


def kind_of(name: str) -> ListingKind:
    """What a party of this name most likely is, by its words alone."""
    plain = name.casefold()
    if _PERSON.search(plain):
        return ListingKind.PERSON
    joined = _DOTTED.sub(lambda match: match[0].replace(".", "") + " ", plain)
    words = re.findall(r"[^\W\d_]+", joined)
    if _NO_PERSON.search(plain) or any(word in _WORDS for word in words):
        return ListingKind.ORGANISATION
    if len(words) < 2 or len(words) > 6:
        return ListingKind.ORGANISATION
    return ListingKind.PERSON
