// The autoencoder's sizes, to hold: how wide it is where, what that costs in parameters, and how much it compresses.

import {element, many, slider, text, words} from "./live.js"

const PIXELS = 784
const BLUE = "#0072B2", ORANGE = "#E69F00", INK = "var(--ink)"
const ROLES = ["image", "hidden", "code", "hidden", "reconstruction"]
const ACTIVATIONS = ["", "relu", "relu", "relu", "sigmoid"]
const COLORS = [INK, BLUE, BLUE, ORANGE, ORANGE]

const APART = 170, THICK = 12 // from the middle of a bar to that of the next, and half of a bar
const MIDDLE = 196, TALL = 260 // where the bars' middles are, and how high 784 values
const WIDTH = 824, HEIGHT = 396

export function start({hidden, code}) {
  const told = words()
  const drawing = element("svg", {role: "img", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, width: WIDTH})
  const redraw = () => {
    const said = inWords(hidden, code)
    drawing.setAttribute("aria-label", `The layers as bars to scale. ${said}`)
    drawing.replaceChildren(...draw(hidden, code))
    told.say(said)
  }
  const size = {min: 1, max: PIXELS}
  const hiddens = slider("Hidden units", {value: hidden, ...size}, (value) => { hidden = value; redraw() })
  const codes = slider("Code size", {value: code, ...size}, (value) => { code = value; redraw() })
  redraw()
  return [element("div", {class: "row"}, hiddens, codes), told, drawing]
}

// Weights and biases of each layer, the input's first: a weight for each input of a unit, and a bias for each unit.
function parameters(sizes) {
  return sizes.map((size, layer) => (layer ? (sizes[layer - 1] + 1) * size : 0))
}

function sizesOf(hidden, code) {
  return [PIXELS, hidden, code, hidden, PIXELS]
}

function halves(counts) {
  return {encoder: counts[1] + counts[2], decoder: counts[3] + counts[4]}
}

function inWords(hidden, code) {
  const {encoder, decoder} = halves(parameters(sizesOf(hidden, code)))
  return `${hidden} hidden units, a code of ${code}: ${many(encoder + decoder)} parameters, encoder ${many(encoder)} `
    + `and decoder ${many(decoder)}. Compression ratio ${PIXELS} / ${code} = ${(PIXELS / code).toFixed(1)}; `
    + `a code is ${many(4 * code)} bytes as float32, an image ${PIXELS} bytes as uint8.`
}

function draw(hidden, code) {
  const sizes = sizesOf(hidden, code)
  const counts = parameters(sizes)
  const {encoder, decoder} = halves(counts)
  const title = `${sizes.join(" → ")}: ${many(encoder + decoder)} parameters`
  const parts = [text(0, 20, title, "start", "font-weight: bold; font-size: 1.15em")]
  sizes.forEach((size, layer) => {
    const x = 60 + APART * layer
    const tall = high(size)
    if (layer) parts.push(...connection(x, high(sizes[layer - 1]), tall, COLORS[layer], counts[layer]))
    parts.push(element("rect", {x: x - THICK, y: MIDDLE - tall / 2, width: 2 * THICK, height: tall,
      style: `fill: ${COLORS[layer]}`}))
    parts.push(text(x, MIDDLE - tall / 2 - 8, `${size} ${ACTIVATIONS[layer]}`.trim()))
    parts.push(text(x, MIDDLE + TALL / 2 + 20, ROLES[layer], "middle", "font-weight: bold"))
  })
  return [...parts, ...part("encoder", encoder, 0, BLUE), ...part("decoder", decoder, 2, ORANGE)]
}

// How high the bar of a layer is: to scale, and never too low to be seen.
function high(size) {
  return Math.max(size * TALL / PIXELS, 1)
}

function connection(x, before, after, color, count) {
  const left = x - APART + THICK, right = x - THICK
  const corners = [[left, -before], [right, -after], [right, after], [left, before]]
  const d = corners.map(([across, down]) => `${across} ${(MIDDLE + down / 2).toFixed(1)}`).join("L")
  return [
    element("path", {d: `M${d}Z`, style: `fill: ${color}; fill-opacity: 0.2`}),
    text(x - APART / 2, MIDDLE + 5, many(count)),
  ]
}

function part(name, count, first, color) {
  const left = 60 + APART * first + THICK + 6, right = 60 + APART * (first + 2) + THICK
  return [
    element("path", {d: `M${left} 362H${right}`, style: `stroke: ${color}; stroke-width: 3`}),
    text((left + right) / 2, 382, `${name}: ${many(count)} parameters`),
  ]
}
