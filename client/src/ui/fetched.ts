/** A part of the page that is fetched when it is needed, on whatever network there is. */

const FIRST_MS = 1000
const LONGEST_MS = 15_000

/** What browsers and the bundler say of a part that did not come; a part that came and is broken says something else. */
const NOT_COME = /dynamically imported module|importing a module script|unable to preload/i

/** Asked for again and again until it comes: who opened a pane while the network was away finds it afterwards. */
export async function fetched<T>(load: () => Promise<T>): Promise<T> {
  for (let ms = FIRST_MS; ; ms = Math.min(ms * 2, LONGEST_MS)) {
    try {
      return await load()
    } catch (error) {
      if (!(error instanceof Error) || !NOT_COME.test(error.message)) throw error
    }
    await new Promise((resolve) => setTimeout(resolve, ms))
  }
}
