// A photo made small on the device. Drawn anew it holds no place, no time and no device.

const SIDE = 1280;
const MOST = 350_000;

export async function shrink(file) {
  const image = await loaded(await asAddress(file));
  for (let side = SIDE, quality = 0.72; ; side *= 0.75, quality -= 0.06) {
    const blob = await drawn(image, side, quality);
    if (blob.size <= MOST || side < 500) return { type: blob.type, bytes: await bytesOf(blob) };
  }
}

// For showing it: the bytes as an address that the policy of the page lets through.
export const asAddress = (blob) =>
  new Promise((done, failed) => {
    const reader = new FileReader();
    reader.onload = () => done(reader.result);
    reader.onerror = () => failed(reader.error);
    reader.readAsDataURL(blob);
  });

const bytesOf = (blob) =>
  new Promise((done, failed) => {
    const reader = new FileReader();
    reader.onload = () => done(reader.result);
    reader.onerror = () => failed(reader.error);
    reader.readAsArrayBuffer(blob);
  });

const loaded = (address) =>
  new Promise((done, failed) => {
    const image = new Image();
    image.onload = () => done(image);
    image.onerror = () => failed(new Error("unreadable"));
    image.src = address;
  });

function drawn(image, side, quality) {
  const scale = Math.min(1, side / Math.max(image.naturalWidth, image.naturalHeight));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(image.naturalWidth * scale));
  canvas.height = Math.max(1, Math.round(image.naturalHeight * scale));
  const pen = canvas.getContext("2d");
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((done, failed) =>
    canvas.toBlob((blob) => (blob ? done(blob) : failed(new Error("unreadable"))), "image/jpeg", quality),
  );
}
