"""BM25 over texts, as it is in the books: what finding ideas alike is measured beside."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence

from innovation.ideas.similarity import Text

K1, B = 1.2, 0.75


class BM25:
    def __init__(self, texts: Sequence[Text], cut: Callable[[str], list[str]]) -> None:
        self.texts, self.cut = texts, cut
        self.held: dict[str, list[tuple[int, int]]] = defaultdict(list)
        self.lengths = []
        for at, text in enumerate(texts):
            counts = Counter(cut(text.whole))
            self.lengths.append(sum(counts.values()))
            for word, n in counts.items():
                self.held[word].append((at, n))
        self.usual = sum(self.lengths) / len(texts)

    def best(self, draft: Text, most: int) -> list[Text]:
        """The texts that score highest, the draft itself left out."""
        scores: dict[int, float] = defaultdict(float)
        for word in set(self.cut(draft.whole)):
            held = self.held.get(word, [])
            worth = math.log(1 + (len(self.texts) - len(held) + 0.5) / (len(held) + 0.5))
            for at, n in held:
                scores[at] += worth * n * (K1 + 1) / (n + K1 * (1 - B + B * self.lengths[at] / self.usual))
        ranked = sorted(scores, key=lambda at: (-scores[at], at))
        return [self.texts[at] for at in ranked if self.texts[at].id != draft.id][:most]
