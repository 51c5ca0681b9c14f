"""Names for people who do not exist: any given name with any family name, each pair once."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from random import Random
from typing import Final

_GIVEN: Final = """
Abena Adaeze Ailsa Aled Amira Anjali Anwen Arthur Beatriz Bethan Bronagh Callum Catrin Chidi Ciara
Dafydd Danuta Deepa Dilys Ebele Eilidh Elif Emrys Esme Farah Fergus Fiona Gethin Grainne Gwen Hamza
Harpreet Hester Idris Ifeoma Imogen Iona Isla Jamila Jarek Jude Kemi Kieran Kirsty Laszlo Leila Lowri
Magda Mairi Marek Meera Morag Nadia Nerys Niamh Nikhil Oona Orla Owain Parveen Piotr Priya Rhodri
Roisin Rukhsana Sanjay Seren Shanice Sioned Tamsin Tariq Thandi Una Vikram Wanjiru Yusuf Zofia
""".split()
_FAMILY: Final = """
Abara Adeleke Ahluwalia Ashdown Bainbridge Banerjee Bellwood Bielski Birtwhistle Calloway Chaudhry
Cordingley Dalgarno Darlow Desai Dunmore Eardley Ekwueme Farrant Fenwick Galbraith Garside Goodbody
Gwilym Hargreave Hawthorne Ibekwe Inskip Jarvie Kaczmarek Kapoor Kilbride Lathom Llewelyn-Hart Lomas
Lovegrove Macrae Mahmood Marchbank McAteer Merriman Moxon Nandakumar Nwosu Ogilvie Ormerod Osei
Pemberthy Penhaligan Pickersgill Prothero Quayle Quigley Ramsbottom Ravenscroft Redfearn Rowbotham
Sandhu Scargill-Moss Shackleford Sillitoe Siddiqui Skelton Strachan Tavener Thackray Trevanion Tunnard
Uddin Uzoma Vaswani Venables Wainscott Warburton Wetherell Whitcombe Wojcik Yardley Yeoman Zielinska
""".split()


def names(seed: int, taken: Collection[str] = ()) -> Iterator[str]:
    """Full names in an order that the seed gives, without those taken; more than six thousand."""
    pairs = [f"{given} {family}" for given in _GIVEN for family in _FAMILY]
    Random(seed).shuffle(pairs)
    return (name for name in pairs if name not in taken)
