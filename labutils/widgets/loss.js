// The loss of a pixel, to hold: a target grey, an output, and what cross-entropy and squared error make of them.

import {element, slider, text, words} from "./live.js"

const BLUE = "#0072B2", RED = "#D55E00", GREY = "#767676"
const PANEL = 290, TOP = 44, BOTTOM = 274, WIDTH = 420, HEIGHT = 324
const NEAREST = 1e-7 // as near as Keras lets an output come to 0 and 1
const OUTPUTS = Array.from({length: 169}, (_, i) => 1 / (1 + Math.exp(14 - i / 6))) // dense where the curves are steep

// What one pixel costs: cross-entropy in nats, its floor (what the output that equals the target would cost), and the
// squared error.
export function losses(target, output) {
  return {entropy: entropy(target, output), floor: entropy(target, target), squared: (output - target) ** 2}
}

function entropy(target, output) {
  const kept = Math.min(Math.max(output, NEAREST), 1 - NEAREST)
  return -target * Math.log(kept) - (1 - target) * Math.log(1 - kept)
}

export function start({target, output}) {
  const told = words()
  const panels = [0, 1].map(() => element("svg", {"aria-hidden": true, viewBox: `0 0 ${WIDTH} ${HEIGHT}`, width: WIDTH}))
  const drawing = element("div", {role: "img", class: "panels"}, ...panels)
  const redraw = () => {
    const said = inWords(target, output)
    drawing.setAttribute("aria-label", `Two curves over the output for a pixel. ${said}`)
    draw(target, output).forEach((parts, panel) => panels[panel].replaceChildren(...parts))
    told.say(said)
  }
  const unit = {min: 0, max: 1, step: 0.01}
  const targets = slider("Target grey", {value: target, ...unit}, (value) => { target = value; redraw() })
  const outputs = slider("Output", {value: output, ...unit}, (value) => { output = value; redraw() })
  redraw()
  return [element("div", {class: "row"}, targets, outputs), told, drawing]
}

function inWords(target, output) {
  const {entropy, floor, squared} = losses(target, output)
  const above = output === target ? "exactly the floor"
    : `${(entropy - floor).toFixed(3)} above the floor of ${floor.toFixed(3)}`
  return `Target ${target.toFixed(2)}, output ${output.toFixed(2)}: cross-entropy ${entropy.toFixed(3)} nats, ${above}; `
    + `squared error ${squared.toFixed(4)}.`
}

// Axes of a drawing, and the losses that are marked along them, up to their top.
class Panel {
  constructor(marks) {
    this.left = 52
    this.marks = marks
    this.top = marks.at(-1)
  }

  // Where an output and its loss are; what is higher than the axes is just beyond their end.
  place(output, loss) {
    return [this.left + PANEL * output, BOTTOM - (BOTTOM - TOP) * Math.min(loss / this.top, 1.03)]
  }

  line(points, style) {
    const d = points.map(([output, loss]) => this.place(output, loss).map((x) => x.toFixed(1)).join(" ")).join("L")
    return element("path", {d: `M${d}`, style: `fill: none; ${style}`})
  }

  curve(loss, style) {
    const points = OUTPUTS.map((output) => [output, loss(output)])
    const seen = points.filter((_, i) => [i - 1, i, i + 1].some((n) => points[n] && points[n][1] <= this.top))
    return this.line(seen, style)
  }

  axes(title, target, more = "") {
    const parts = [text(this.left, TOP - 22, title, "start", "font-weight: bold; font-size: 15px")]
    for (const output of [0, 0.25, 0.5, 0.75, 1]) parts.push(text(this.place(output, 0)[0], BOTTOM + 18, output))
    for (const loss of this.marks) {
      parts.push(this.line([[0, loss], [1, loss]], `stroke: var(--ink); stroke-opacity: ${loss ? 0.15 : 0.6}`))
      parts.push(text(this.left - 8, this.place(0, loss)[1] + 4, loss, "end"))
    }
    parts.push(this.line([[target, 0], [target, this.top]], `stroke: ${GREY}; stroke-dasharray: 1 4`))
    parts.push(text(this.left + PANEL / 2, BOTTOM + 40, `output; dotted: the target${more}`))
    return parts
  }

  point(output, loss) {
    const [cx, cy] = this.place(output, loss)
    return element("circle", {cx, cy, r: 6, style: `fill: ${RED}; stroke: white; stroke-width: 1.5`})
  }
}

const ENTROPY = new Panel([0, 1, 2, 3]), SQUARED = new Panel([0, 0.25, 0.5, 0.75, 1])
const CURVE = `stroke: ${BLUE}; stroke-width: 2.5`

// The parts of both panels.
function draw(target, output) {
  const {entropy: cost, floor, squared} = losses(target, output)
  const [floorX, floorY] = ENTROPY.place(1, floor)
  return [[
    ...ENTROPY.axes(`Cross-entropy: ${cost.toFixed(3)} nats`, target, "; dashed: the floor of each target"),
    ENTROPY.curve((each) => entropy(each, each), `stroke: ${GREY}; stroke-dasharray: 6 4`),
    ENTROPY.line([[0, floor], [1, floor]], `stroke: ${GREY}; stroke-width: 2`),
    text(floorX + 4, floorY + 4, `floor ${floor.toFixed(3)}`, "start"),
    ENTROPY.line([[output, floor], [output, cost]], `stroke: ${RED}; stroke-width: 4`),
    ENTROPY.curve((each) => entropy(target, each), CURVE),
    ENTROPY.point(output, cost),
  ], [
    ...SQUARED.axes(`Squared error: ${squared.toFixed(4)}`, target),
    SQUARED.curve((each) => (each - target) ** 2, CURVE),
    SQUARED.point(output, squared),
  ]]
}
