"""Who vouches for the intelligence sharing, through whom, and how sure: one claim, told in two articles."""

from pathlib import Path

import matplotlib.pyplot as plt

import russia_iran_claims as ric

HERE = Path(__file__).parent
STANCES = {"affirms": "#1b6ca8", "presupposes": "#7fb2d6", "withholds": "#c8c8c8", "leaves_open": "#9a9a9a"}

# All rows about one thing share a claim_id; ev-0002 is the first event of this claim.
claim = ric.load("claims", version="0.2.0").set_index("claim_id").loc["ev-0002"]
print(claim["statement"])
print(f"{claim['articles']} articles; {claim['origins_at_least']} to {claim['origins_at_most']} independent origins")

# One bar for each chain of vouchers, cut by what it says of the claim.
attestations = ric.load("attestations", version="0.2.0")
sharing = attestations[attestations["claim_id"] == "ev-0002"]
counts = sharing.groupby(["source_chain", "stance"], observed=True).size().unstack(fill_value=0)
counts = counts.reindex(columns=[stance for stance in STANCES if stance in counts])
counts = counts.loc[counts.sum(axis=1).sort_values(kind="stable").index]
print(counts.iloc[::-1].to_string())

plt.rcParams.update({"svg.fonttype": "none", "svg.hashsalt": "russia-iran-claims", "font.family": "sans-serif"})
figure, axes = plt.subplots(figsize=(8, 4), layout="constrained")
counts.plot.barh(stacked=True, ax=axes, color=[STANCES[stance] for stance in counts])
axes.set(xlabel="passages in the two articles", ylabel="", title="Russia shares intelligence with Iran: who says so")
axes.xaxis.get_major_locator().set_params(integer=True)
axes.legend(title=None, frameon=False)
axes.spines[["top", "right"]].set_visible(False)
figure.savefig(HERE / "who_vouches.svg", metadata={"Date": None})
