// All reconstructions, sorted by error and filtered by digit: pages of small ones, and one of them enlarged.

import {button, choice, codePicture, element, many, number, pane, picture, row, scaled, words} from "./live.js"

const PAGE = 24 // images on a page
const ORDERS = [["highest error first", 1], ["lowest error first", -1]]

export function start({images, reconstructions, codes, labels, errors, numbers, places, total, share, codeColors, differenceColors}) {
  const state = {digit: null, order: ORDERS[0], ranked: [], rank: 1, page: null}
  const original = picture(28, 28), reconstruction = picture(28, 28)
  const difference = picture(28, 28, {colors: differenceColors, limits: [-1, 1]}), code = codePicture(codes, codeColors)
  const told = words()
  const thumbnails = Array.from({length: PAGE}, (_, place) => thumbnail(() => enlarge(PAGE * state.page + place + 1)))

  // Put the images of the chosen digit in order, and enlarge the first.
  function sort() {
    const [, direction] = state.order
    const chosen = [...labels.keys()].filter((index) => state.digit === null || labels[index] === state.digit)
    state.ranked = chosen.sort((one, other) => direction * (places[one] - places[other]))
    state.page = null
    rank.input.max = state.ranked.length
    enlarge(1)
  }

  // Show the image of this rank large, and the page where it is.
  function enlarge(number) {
    state.rank = number
    rank.set(number)
    const page = Math.floor((number - 1) / PAGE)
    if (page !== state.page) open(page)
    thumbnails.forEach((each, place) => each.setAttribute("aria-current", place === (number - 1) % PAGE))
    const index = state.ranked[number - 1]
    const before = scaled(row(images, index)), after = scaled(row(reconstructions, index))
    const change = after.map((value, i) => value - before[i])
    const added = mean(change.map((value) => Math.max(value, 0))), missing = mean(change.map((value) => Math.max(-value, 0)))
    original.show(before, `the original, a ${labels[index]}`)
    reconstruction.show(after, `its reconstruction, squared error ${errors[index].toFixed(4)}`)
    difference.show(change, `their difference, ${added.toFixed(3)} added and ${missing.toFixed(3)} left out per pixel`)
    code.showCode(row(codes, index))
    told.say(inWords(index, added.toFixed(3), missing.toFixed(3)))
  }

  // Draw the small pictures of a page, and name them.
  function open(page) {
    state.page = page
    thumbnails.forEach((each, place) => {
      const index = state.ranked[PAGE * page + place]
      each.hidden = index === undefined
      if (!each.hidden) each.show(PAGE * page + place + 1, index)
    })
    earlier.disabled = page === 0
    later.disabled = PAGE * (page + 1) >= state.ranked.length
  }

  // An original above its reconstruction; to be enlarged.
  function thumbnail(taken) {
    const both = picture(56, 28, {zoom: 2}), name = element("span")
    return Object.assign(element("button", {type: "button", onclick: taken}, both, name), {
      show(number, index) {
        both.show(scaled([...row(images, index), ...row(reconstructions, index)]), "the original above its reconstruction")
        name.textContent = `${many(number)}: a ${labels[index]}`
        this.setAttribute("aria-label", `${name.textContent}, squared error ${errors[index].toFixed(4)}: enlarge`)
      },
    })
  }

  function inWords(index, added, missing) {
    const {rank, ranked, digit, order: [order, direction], page} = state
    const place = direction > 0 ? places[index] : total + 1 - places[index]
    const all = total > labels.length ? `, number ${many(place)} of all ${many(total)}` : ""
    const used = row(codes, index).filter((value) => value).length
    return `Number ${many(rank)} of ${many(ranked.length)} ${digit === null ? "digits" : `of digit ${digit}`}, ${order}: `
      + `image ${many(numbers[index])}, a ${labels[index]}. Squared error ${errors[index].toFixed(4)}${all}; the `
      + `reconstruction adds ${added} per pixel and leaves out ${missing}. ${used} of its ${codes.shape[1]} numbers are not `
      + `0. Page ${page + 1} of ${Math.ceil(ranked.length / PAGE)}.`
  }

  const digits = [...new Set(labels)].sort((one, other) => one - other)
  const digit = choice("digit", [["all", null], ...digits.map((each) => [each, each])], (chosen) => { state.digit = chosen; sort() })
  const order = choice("order", ORDERS.map((each) => [each[0], each]), (chosen) => { state.order = chosen; sort() })
  const rank = number("enlarge no.", {value: 1, min: 1, max: 1}, enlarge)
  const earlier = button("Earlier page", () => enlarge(PAGE * (state.page - 1) + 1))
  const later = button("Later page", () => enlarge(PAGE * (state.page + 1) + 1))
  const selection = total > labels.length ? `These are ${many(labels.length)} of ${many(total)} images: of each digit up to `
    + `${3 * share}, the ${share} with the highest errors, the ${share} with the lowest, and ${share} of the others at random. ` : ""
  sort()
  return [
    element("p", {}, `${selection}Each original stands above its reconstruction.`),
    element("div", {class: "row"}, digit, order, rank, earlier, later),
    element("div", {class: "thumbnails"}, ...thumbnails),
    told,
    element("div", {}, pane("original", original), pane("reconstruction", reconstruction),
      pane("orange: added, purple: left out", difference), pane("code", code)),
  ]
}

function mean(values) {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
