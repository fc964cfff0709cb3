"""Rules between indicators are there to be read before figures are held to them."""

from tests.build import Service
from tests.town import Town


async def test_rules_are_listed_in_words(one_service: Service, one_town: Town) -> None:
    (rule,) = await one_service.items("/rules", one_town.funder)
    assert rule == {
        "id": "1",
        "code": "retired-within-fires",
        "title": "The retired count was a part of all fires",
        "words": "Counted no longer must be at most Dwelling fires",
        "left": ["old-count"],
        "comparison": "at_most",
        "right": ["dwelling-fires"],
        "when_missing": "skip",
        "severity": "warning",
    }


async def test_they_come_as_a_table_too(one_service: Service, one_town: Town) -> None:
    answer = await one_service.get("/rules?format=csv", one_town.analysts)
    assert answer.status_code == 200
    assert "Counted no longer must be at most Dwelling fires" in answer.text
