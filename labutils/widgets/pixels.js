// The numbers of a digit, to hold: its pixels, their histogram, and the vector of 784 that flattening makes of them.

import {element, row, slider, text, words} from "./live.js"

const BLUE = "#0072B2"
const SIDE = 28, CELL = 18, GRID = SIDE * CELL // pixels along an image, and dots of the drawing along one of them
const VECTOR = 44 // how high the bars of the vector are; each is one dot wide
const BINS = 32, BIN = 7, HIGH = 150 // of the histogram: how many, how wide, and how high all of them are

export function start({images, labels}) {
  const state = {image: 0, row: 0, column: 0, scaled: false}
  const told = words()
  const grid = new Grid(), vector = new Vector(), histogram = new Histogram()
  const drawing = element("div", {role: "img"}, vector.drawing, element("div", {class: "board"}, grid.drawing, histogram.drawing))
  const values = () => row(images, state.image)

  function redraw() {
    const top = state.scaled ? 1 : 255
    const zeros = values().filter((value) => value === 0).length
    const whites = values().filter((value) => value === 255).length
    grid.show(values(), state.scaled)
    vector.show(values(), top)
    histogram.show(values(), top, zeros, whites)
    drawing.setAttribute("aria-label", `The image as 28 by 28 numbers from 0 to ${top}, their histogram, and the vector of `
      + `784 that they become: ${zeros} are 0, ${whites} are ${top}, ${784 - zeros - whites} between.`)
    mark()
  }

  function mark() {
    const {row, column, image} = state
    const place = SIDE * row + column
    const value = values()[place]
    grid.mark(row, column)
    vector.mark(row, place)
    told.say(`Image ${image}${labels ? `, labelled ${labels[image]}` : ""}: the pixel in row ${row}, column ${column} is `
      + `${value}. It goes to place 28 · ${row} + ${column} = ${place} of the vector; scaled it is ${value} / 255 = `
      + `${(value / 255).toFixed(3)}.`)
  }

  // A pixel that is pointed at is the one that the sliders stand at from now on.
  function point(event) {
    const {left, top, width, height} = grid.drawing.getBoundingClientRect()
    const within = (share) => Math.min(Math.max(Math.floor(SIDE * share), 0), SIDE - 1)
    state.row = within((event.clientY - top) / height)
    state.column = within((event.clientX - left) / width)
    rows.set(state.row)
    columns.set(state.column)
    mark()
  }
  for (const moved of ["pointerdown", "pointermove"]) grid.drawing.addEventListener(moved, point)

  const place = {min: 0, max: SIDE - 1}
  const brightest = values().indexOf(values().reduce((most, value) => Math.max(most, value)))
  state.row = Math.floor(brightest / SIDE)
  state.column = brightest % SIDE
  const rows = slider("Row", {value: state.row, ...place}, (value) => { state.row = value; mark() })
  const columns = slider("Column", {value: state.column, ...place}, (value) => { state.column = value; mark() })
  const picked = slider("Image", {value: 0, min: 0, max: images.shape[0] - 1}, (value) => { state.image = value; redraw() })
  const scaled = element("input", {type: "checkbox", onchange: () => { state.scaled = scaled.checked; redraw() }})
  redraw()
  return [
    element("div", {class: "row"}, ...(images.shape[0] > 1 ? [picked] : []), element("label", {}, scaled, " Scale to 0..1")),
    element("div", {class: "row"}, rows, columns),
    told,
    drawing,
  ]
}

// The image as a table of its numbers. Its 784 squares are made once; what changes is what they show.
class Grid {
  constructor() {
    this.squares = Array.from({length: SIDE * SIDE}, (_, place) => {
      const x = CELL * (place % SIDE), y = CELL * Math.floor(place / SIDE)
      return [element("rect", {x, y, width: CELL, height: CELL}), text(x + CELL / 2, y + 12, "")]
    })
    this.row = element("rect", {class: "mark thin", x: 0, width: GRID, height: CELL})
    this.pixel = element("rect", {class: "mark", width: CELL, height: CELL})
    this.drawing = element("svg", {class: "grid", "aria-hidden": true, viewBox: `0 0 ${GRID} ${GRID}`, width: GRID},
      ...this.squares.flat(), this.row, this.pixel)
  }

  show(values, scaled) {
    this.squares.forEach(([square, number], place) => {
      const value = values[place]
      const shown = scaled ? share(value) : String(value)
      if (number.textContent === shown) return
      number.textContent = shown
      number.style.fill = value === 0 ? "#999" : value < 118 ? "#fff" : "#000" // each can be read on its grey
      square.style.fill = `rgb(${value}, ${value}, ${value})`
    })
  }

  mark(row, column) {
    this.row.setAttribute("y", CELL * row)
    this.pixel.setAttribute("x", CELL * column)
    this.pixel.setAttribute("y", CELL * row)
  }
}

// value / 255, cut to what a square holds.
function share(value) {
  return value % 255 ? `.${String(Math.floor(100 * value / 255)).padStart(2, "0")}` : String(value / 255)
}

// The 784 values as bars, one beside the other.
class Vector {
  constructor() {
    this.title = element("figcaption")
    this.bars = element("path", {style: `fill: ${BLUE}`})
    this.row = element("rect", {class: "mark thin", y: 8, width: SIDE, height: VECTOR})
    this.place = element("rect", {class: "mark full", y: 0, width: 3, height: VECTOR + 16})
    this.drawing = element("figure", {class: "vector"}, this.title,
      element("svg", {"aria-hidden": true, viewBox: "0 0 788 84", width: 788},
        element("path", {d: `M0 ${VECTOR + 8}H784`, style: "stroke: var(--ink)"}), this.bars, this.row, this.place,
        text(0, 78, "place 0", "start"), text(784, 78, "place 783", "end")))
  }

  show(values, top) {
    this.title.textContent = `As a vector: 784 values from 0 to ${top}, row by row`
    const bars = [...values].map((value, place) =>
      (value ? `M${place} ${VECTOR + 8}v${(-value * VECTOR / 255).toFixed(1)}h1V${VECTOR + 8}` : ""))
    this.bars.setAttribute("d", bars.join(""))
  }

  mark(row, place) {
    this.row.setAttribute("x", SIDE * row)
    this.place.setAttribute("x", place - 1)
  }
}

// How many pixels have which value, on a log scale.
class Histogram {
  constructor() {
    this.svg = element("svg", {"aria-hidden": true, viewBox: "-32 -170 264 192", width: 264})
    this.drawing = element("figure", {}, element("figcaption", {}, "How many pixels have which value"), this.svg)
  }

  show(values, top, zeros, whites) {
    const counts = new Array(BINS).fill(0)
    for (const value of values) counts[Math.floor(value * BINS / 256)]++
    const high = (count) => HIGH * Math.log1p(count) / Math.log1p(values.length)
    const bars = counts.map((count, bin) => `M${BIN * bin} 0v${-high(count).toFixed(1)}h${BIN - 1}V0`)
    this.svg.replaceChildren(
      element("path", {d: bars.join(""), style: `fill: ${BLUE}`}),
      ...[0, 1, 10, 100].map((count) => text(-6, 4 - high(count), count, "end")),
      text(0, 16, 0, "start"), text(BIN * BINS / 2, 16, `${zeros} at 0, ${whites} at ${top}`), text(BIN * BINS, 16, top, "end"))
  }
}
