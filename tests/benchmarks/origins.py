"""Alerts on people who are on no list, by the origin of their names."""

from __future__ import annotations

import csv
import random
from collections import defaultdict
from collections.abc import Iterator

from service.matching.evidence import Party
from service.matching.index import NameIndex
from service.matching.screen import match_party
from tests.benchmarks.real_lists import REFERENCE

SEED = 55
NAMES = 400  # of each group
_GIVEN_AND_FAMILY = {  # frequent given and family names, from general knowledge; the pairs are drawn
    "Korean": (
        "Min-jun Seo-yeon Ji-hoon Ha-eun Do-yun Su-bin Jun-ho Ye-jin Hyun-woo Eun-ji Tae-yang Mi-kyung Sang-hoon Bo-ra",
        "Kim Lee Park Choi Jung Kang Cho Yoon Jang Lim Han Shin Seo Kwon Hwang Ahn Song Yoo Hong Jeon",
    ),
    "Chinese": (
        "Wei Fang Xiuying Na Min Jing Qiang Lei Yang Yong Jie Tao Ming Chao Xia Ping Gang Guiying Haoran Zihan",
        "Wang Li Zhang Liu Chen Yang Zhao Huang Zhou Wu Xu Sun Hu Zhu Gao Lin He Guo Ma Luo",
    ),
    "Slavic": (
        "Olga Dmitri Tatiana Sergei Irina Andrei Natalia Pavel Oksana Bohdan Katarzyna Jakub Marek Zofia Igor Vera",
        "Ivanov Smirnova Kuznetsov Popova Novak Kowalski Shevchenko Melnyk Horvat Petrov Volkova Sokolov Nowak Dvorak",
    ),
    "Arabic": (
        "Ahmed Fatima Youssef Layla Omar Amina Khalid Mariam Hassan Nour Tariq Samira Karim Huda Bilal Rania",
        "Haddad Mansour Khoury Nasser Saleh Farah Aziz Hamdan Rashid Qasim Sabbagh Najjar Bakri Ziadeh Tahan Issa",
    ),
    "South Asian": (
        "Priya Rahul Anjali Imran Sana Vikram Deepa Arjun Nadia Ravi Lakshmi Bilal Meera Suresh Ayesha Kiran",
        "Sharma Patel Khan Singh Reddy Hussain Gupta Chowdhury Iyer Malik Das Nair Qureshi Mehta Rahman Verma",
    ),
    "Hispanic": (
        "Maria Jose Carmen Luis Ana Jorge Lucia Miguel Rosa Diego Elena Pablo Sofia Andres Paula Mateo",
        "Garcia Rodriguez Lopez Martinez Perez Gonzalez Sanchez Ramirez Torres Flores Rivera Gomez Diaz Cruz Morales",
    ),
    "West European": (
        "Anna Thomas Julia Martin Sophie Peter Laura Stefan Claire Hans Emma Paul Marie Lukas Ingrid Oliver",
        "Mueller Dubois Smith Jansen Rossi Schmidt Bernard Jones Bakker Bianchi Fischer Moreau Wilson Visser Weber",
    ),
    "Sub-Saharan African": (
        "Amara Kwame Ngozi Tendai Wanjiru Chidi Zanele Kofi Aisha Thabo Fatou Emeka Abena Juma Nia Sipho",
        "Okafor Mensah Dlamini Mwangi Diallo Adeyemi Nkosi Banda Owusu Kamau Traore Eze Moyo Otieno Ndiaye Abebe",
    ),
}


def made_up() -> Iterator[tuple[str, str]]:
    """(group, name) for pairs of frequent names, the same in every run."""
    for group, (given, family) in _GIVEN_AND_FAMILY.items():
        source = random.Random(f"{SEED} {group}")
        pairs = [f"{g} {f}" for g in given.split() for f in family.split()]
        yield from ((group, name) for name in source.sample(pairs, min(NAMES, len(pairs))))


def given_names() -> list[str]:
    """The given names of every group."""
    return [name for given, _ in _GIVEN_AND_FAMILY.values() for name in given.split()]


def family_names() -> list[str]:
    """The family names of every group."""
    return [name for _, family in _GIVEN_AND_FAMILY.values() for name in family.split()]


def synthetic() -> Iterator[tuple[str, str]]:
    """(group, name) for the people of the reference folder who are on no list, by their nationality."""
    path = REFERENCE / "matching/screening_negatives_dev.csv"
    with path.open(encoding="utf-8-sig", newline="") as lines:
        for row in csv.DictReader(lines):
            yield "the reference folder's people", row.get("full_name") or row["name"]


def alerts_by_origin(index: NameIndex) -> Iterator[str]:
    """A line for each group: how many of its people raise an alert by their name alone."""
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for group, name in (*made_up(), *synthetic()):
        counts[group][0] += 1
        counts[group][1] += bool(match_party(Party(path="worker", names=(name,), kinds=("person",)), index))
    yield "alerts on people who are on no list (a name that a listed person also bears is one of them):"
    for group, (asked, alerts) in counts.items():
        yield f"  {group:<32} {alerts:>4} of {asked:>4}   {1000 * alerts / asked:6.1f} per 1,000"
