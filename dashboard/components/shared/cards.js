// What the table says of an image, and where its thumbnail lies; fetched from our own routes, once each.

class Cards {
  // `links` = { contents, cards, thumbs }: addresses from Python, with ROW and CONTENT to be replaced.
  constructor(links) {
    this.links = links;
    this.cards = new Map(); // row → promise of {id, path, width, height, image, columns}
    this.contents = fetchBytes(links.contents).then((buffer) => new Uint8Array(buffer));
    this.contents.then((bytes) => (this.bytes = bytes)).catch(() => {});
  }

  matches(links) {
    return links.contents === this.links.contents;
  }

  // Address of a thumbnail, or "" while the content hashes are on their way.
  thumb(row) {
    if (!this.bytes) return "";
    let content = "";
    for (const byte of this.bytes.subarray(row * 16, row * 16 + 16)) content += byte.toString(16).padStart(2, "0");
    return this.links.thumbs.replace("CONTENT", content);
  }

  card(row) {
    if (!this.cards.has(row)) {
      const fetched = fetchOk(this.links.cards.replace("ROW", row)).then((answer) => answer.json());
      fetched.catch(() => this.cards.delete(row)); // the next look tries again
      this.cards.set(row, fetched);
    }
    return this.cards.get(row);
  }
}

async function fetchBytes(url) {
  return (await fetchOk(url)).arrayBuffer();
}

// The answer, or an Error whose message is the sentence that the route gave.
async function fetchOk(url) {
  const answer = await fetch(url, { credentials: "same-origin" });
  if (!answer.ok) throw new Error(await answer.text());
  return answer;
}
