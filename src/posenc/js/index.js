/**
 * The one module that all of posenc's widgets share. anywidget calls `initialize` and `render`;
 * the synced trait `kind` says which view is meant.
 */

import { angles } from "./angles.js";
import { base } from "./base.js";
import { both } from "./both.js";
import { breakhead } from "./breakhead.js";
import { capacity } from "./capacity.js";
import { channel } from "./channel.js";
import { clocks } from "./clocks.js";
import { counter } from "./counter.js";
import { cut } from "./cut.js";
import { dots } from "./dots.js";
import { foot } from "./foot.js";
import { found } from "./found.js";
import { growth } from "./growth.js";
import { head } from "./head.js";
import { heatmap } from "./heatmap.js";
import { layers } from "./layers.js";
import { lookback } from "./lookback.js";
import { orders } from "./orders.js";
import { player } from "./player.js";
import { question, verdict } from "./predict.js";
import { choice } from "./predict_choice.js";
import { rings } from "./predict_rings.js";
import { scale } from "./predict_scale.js";
import { sketch } from "./predict_sketch.js";
import { project } from "./project.js";
import { race } from "./race.js";
import { ruler } from "./ruler.js";
import { score } from "./score.js";
import { shuffle } from "./shuffle.js";
import { stepper } from "./stepper.js";
import { steps } from "./steps.js";
import { table } from "./table.js";
import { terms } from "./terms.js";
import { waves } from "./waves.js";

const VIEWS = {
  angles,
  base,
  both,
  capacity,
  breakhead,
  channel,
  choice,
  clocks,
  counter,
  cut,
  dots,
  foot,
  found,
  growth,
  head,
  heatmap,
  layers,
  lookback,
  orders,
  player,
  question,
  project,
  race,
  rings,
  ruler,
  scale,
  score,
  shuffle,
  sketch,
  stepper,
  steps,
  table,
  terms,
  verdict,
  waves,
};

function viewOf(model) {
  const kind = model.get("kind");
  const view = VIEWS[kind];
  if (!view)
    throw new Error(
      `posenc has no view of kind “${kind}”; it has ${Object.keys(VIEWS).join(", ")}`,
    );
  return view;
}

export default {
  initialize(context) {
    return viewOf(context.model).initialize?.(context);
  },
  render(context) {
    return viewOf(context.model).render(context);
  },
};
