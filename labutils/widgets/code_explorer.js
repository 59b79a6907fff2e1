// The numbers of a code to hold and move: what each of them changes, and what lies between two codes.

import {button, element, number, pane, picture, random, row, scaled, slider, squaredError, through, words} from "./live.js"

const STEPS = 100 // of a slider, from its unit's lowest to its highest number

export function start({images, labels, encoder, decoder, low, high, dead, samples, seed}) {
  const count = images.shape[0], units = low.length
  const draw = random(seed)
  const state = {picked: 0, goal: Math.min(1, count - 1), way: 0, code: null, from: null, to: null}

  const codeOf = (index) => through(encoder, scaled(row(images, index)))
  const nameOf = (index) => `test image ${index}${labels ? ` (a ${labels[index]})` : ""}`

  const original = picture(28, 28, {zoom: 4}), end = picture(28, 28, {zoom: 4}), decoded = picture(28, 28, {zoom: 9})
  const told = words()
  const sliders = Array.from({length: units}, (_, unit) => unitSlider(unit))
  const board = element("div", {class: "units"}, ...sliders.map(({column}) => column))

  function unitSlider(unit) {
    const value = element("span", {"aria-hidden": "true"})
    const input = element("input", {type: "range", min: 0, max: STEPS, step: 1, orient: "vertical",
      "aria-label": `unit ${unit}${dead[unit] ? ", dead" : ""}`})
    input.disabled = Boolean(dead[unit])
    input.addEventListener("input", () => {
      state.code[unit] = low[unit] + (high[unit] - low[unit]) * input.valueAsNumber / STEPS
      redraw(`Unit ${unit} at ${state.code[unit].toFixed(1)}, of ${low[unit].toFixed(1)} to ${high[unit].toFixed(1)}.`)
    })
    const column = element("div", {class: dead[unit] ? "unit dead" : "unit"},
      element("span", {"aria-hidden": "true"}, unit), element("small", {"aria-hidden": "true"}, dead[unit] ? "dead" : ""),
      input, value)
    return {input, value, column}
  }

  function redraw(what) {
    const pixels = through(decoder, state.code)
    const error = squaredError(pixels, scaled(row(images, state.picked))).toFixed(4)
    decoded.show(pixels, `the picture that the decoder draws, ${error} from the original`)
    sliders.forEach(({input, value}, unit) => {
      const span = high[unit] - low[unit] || 1
      value.textContent = state.code[unit].toFixed(1)
      input.value = Math.round((state.code[unit] - low[unit]) / span * STEPS)
      input.setAttribute("aria-valuetext", state.code[unit].toFixed(1))
    })
    told.say(`${what} Squared error of the decoded picture to the original: ${error}.`)
  }

  function show(code, what, way = 0) {
    state.code = code
    state.way = way
    wayThere.set(way)
    redraw(what)
  }

  // Show the picked image's own code.
  function pick(index) {
    state.picked = index
    state.from = codeOf(index)
    original.show(scaled(row(images, index)), nameOf(index))
    show(state.from.slice(), `The code of ${nameOf(index)}.`)
  }

  // Turn to another end of the walk, as far along as before.
  function aim(index) {
    state.goal = index
    state.to = codeOf(index)
    end.show(scaled(row(images, index)), nameOf(index))
    if (state.way) walk(state.way)
    else told.say(`The walk would now lead to ${nameOf(index)}.`)
  }

  function walk(way) {
    const code = state.from.map((value, unit) => (1 - way) * value + way * state.to[unit])
    show(code, `${Math.round(100 * way)} % of the way from ${nameOf(state.picked)} to ${nameOf(state.goal)}.`, way)
  }

  function drawRandom() {
    const code = Float32Array.from({length: units}, (_, unit) =>
      row(samples, Math.floor(draw() * samples.shape[0]))[unit])
    show(code, "A random code: each number is one that its unit gave to some training image.")
  }

  const picked = number("test image", {value: 0, min: 0, max: count - 1}, pick)
  const goal = number("walk to image", {value: state.goal, min: 0, max: count - 1}, aim)
  const wayThere = slider("share of the way", {value: 0, min: 0, max: 1, step: 0.02}, walk)
  aim(state.goal)
  pick(0)
  return [
    element("div", {class: "row"}, picked, button("Back to the image's code", () => pick(state.picked)),
      button("Random code", drawRandom)),
    element("div", {class: "row"}, goal, wayThere),
    element("p", {}, "The code, unit by unit: each from the lowest number to the highest that it gives to these digits."),
    element("div", {class: "board"}, board,
      element("div", {class: "pictures"}, element("div", {}, pane("original", original), pane("walk's end", end)), pane("decoded", decoded))),
    told,
  ]
}
