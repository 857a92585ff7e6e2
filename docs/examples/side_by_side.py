"""Numbers side by side: what each article counts, as it is worded, with the bounds that the wording gives."""

from pathlib import Path

import matplotlib.pyplot as plt

import russia_iran_claims as ric

HERE = Path(__file__).parent

figures = ric.load("figures", version="0.2.0")
people = figures[figures["unit"] == "people"].sort_values(["value", "figure_id"])
print(people[["article_id", "what", "wording", "low", "high", "stance", "source"]].to_string(index=False))

# Which of them are one number: those that share a claim_id.
same = people.groupby("claim_id").filter(lambda rows: len(rows) > 1)
print(same.groupby("claim_id")[["figure_id", "source"]].agg(", ".join).to_string())

plt.rcParams.update({"svg.fonttype": "none", "svg.hashsalt": "russia-iran-claims", "font.family": "sans-serif"})
drawn, axes = plt.subplots(figsize=(8, 3.5), layout="constrained")
for place, row in enumerate(people.itertuples()):
    colour = {"art-001": "#1b6ca8", "art-002": "#b5541c"}[row.article_id]
    # An open bound is an arrow: the wording says more than the number, and not how much.
    axes.plot(row.value, place, "o", color=colour, fillstyle="none" if row.stance == "presupposes" else "full")
    if str(row.high) == "<NA>":
        axes.annotate(
            "", (row.value * 2.2, place), (row.value, place), arrowprops={"arrowstyle": "->", "color": colour}
        )
    axes.annotate(f"“{row.wording}”", (row.value, place), (0, 7), textcoords="offset points", ha="center", fontsize=8)
axes.set(xscale="log", xlim=(3, 200_000), ylim=(-0.7, len(people) - 0.2), xlabel="people (logarithmic)")
axes.set_yticks(
    range(len(people)), [f"{row.what}\n{row.source}, {row.article_id}" for row in people.itertuples()], fontsize=8
)
axes.set_title("People counted, by article (ring: taken for granted)")
axes.spines[["top", "right"]].set_visible(False)
drawn.savefig(HERE / "side_by_side.svg", metadata={"Date": None})
