"""Words that carry little of a person's identity: particles, titles, and given names that very many bear."""

from __future__ import annotations

PARTICLES = frozenset(
    "al el ul il ad ar as ash at az an ed es ud ur us uz bin ibn ben bint binti bt bn ould wuld ag ap de da do "
    "dos das del "
    "della di du des la le lo las los van von der den ten ter zu zum af av and i y e na wa walad ait o a abd "
    "abdul abdel abdal abdur abdus abdu abdol abdoul".split()
)
TITLES = frozenset(
    "mr mrs ms miss sir dr prof professor doctor engineer eng ing sheikh shaikh shaykh sheik cheikh sheykh haji "
    "hajji hadji "
    "hajj mullah mulla mawlawi maulavi maulawi mawlavi molvi qari hafiz ustad ustadh imam ayatollah sayyid sayed "
    "seyed sayyed syed "
    "general brigadier colonel col lieutenant lt captain capt major maj commander cmdr admiral minister "
    "president prasident "
    "king prince princess his her excellency hon honourable gen brig the jr sr tovarishch comrade llc".split()
)
COMMON_NAMES = frozenset(
    "muhammad mohammad mohammed mohamed muhammed mohamad muhamad mohd mehmet ahmad ahmed ali hassan hasan "
    "hussein husayn "
    "hussain hossein husain omar umar khan abdullah abdallah ibrahim yusuf youssef yousef ismail mahmoud mahmud "
    "hamid said saeed "
    "salim saleh salih khalid khaled mustafa abbas jan shah singh kumar maria jose juan carlos luis ana john "
    "james david michael "
    "robert mary peter paul thomas ivan alexander sergey vladimir dmitry aleksandr andrei nikolai anna elena "
    "wang li zhang chen liu "
    "kim lee nguyen tran silva santos garcia rodriguez martinez hernandez lopez gonzalez perez sanchez".split()
)
# Short forms and sister forms of given names that no spelling rule links.
GIVEN_NAME_FORMS = {
    form: names.split()[0]
    for names in (
        "william bill billy will", "robert bob bobby rob", "richard dick rick", "james jim jimmy", "john jack johnny",
        "elizabeth liz beth betty", "margaret peggy maggie", "michael mike mick",
        "alexander alex sasha aleksandr oleksandr",
        "vladimir volodymyr uladzimir vova", "dmitry dima dmytro", "yevgeny evgeny eugene yauheni",
        "sergei serhii siarhei",
        "nikolai mykola mikalai", "michail mikhail mykhailo", "alexei oleksii aliaksei", "benjamin ben bibi",
        "muhammad mohd muhd md",
        "yosef joseph jose", "thomas tom", "anthony tony", "andrew andy", "edward ted ed", "charles chuck charlie",
    )
    for form in names.split()
}  # fmt: skip
