import { crc32, deflateRawSync } from 'node:zlib'

/** A file to be packed: its name in the archive, and its text. */
export type PackedFile = { readonly name: string; readonly content: string }

/**
 * A ZIP archive (PKWARE APPNOTE 6.3.3) of text files, each deflated, in their order. No ZIP64: for small files.
 *
 * @param modifiedAt epoch milliseconds; the archive keeps it in UTC, to two seconds
 */
export function zip(files: readonly PackedFile[], modifiedAt: number): Uint8Array {
  const packed = files.map(({ name, content }) => pack(name, content, modifiedAt))
  let offset = 0
  const directory = packed.map(({ local, central }) => {
    const entry = Buffer.from(central)
    entry.writeUInt32LE(offset, 42)
    offset += local.length
    return entry
  })
  const end = Buffer.alloc(22)
  end.write('PK\u0005\u0006', 0, 'latin1')
  end.writeUInt16LE(packed.length, 8)
  end.writeUInt16LE(packed.length, 10)
  end.writeUInt32LE(Buffer.concat(directory).length, 12)
  end.writeUInt32LE(offset, 16)
  return Buffer.concat([...packed.map(({ local }) => local), ...directory, end])
}

const versionNeeded = 20
const namesAreUtf8 = 0x08_00
const deflated = 8

/** A file with its header, and its entry in the directory, in which the offset of the file is still to be written. */
function pack(name: string, content: string, modifiedAt: number): { readonly local: Buffer; readonly central: Buffer } {
  const nameBytes = Buffer.from(name)
  const bytes = Buffer.from(content)
  const data = deflateRawSync(bytes)
  // What both headers share: from "version needed to extract" to "extra field length".
  const shared = Buffer.alloc(26)
  shared.writeUInt16LE(versionNeeded, 0)
  shared.writeUInt16LE(namesAreUtf8, 2)
  shared.writeUInt16LE(deflated, 4)
  shared.writeUInt32LE(dosTime(modifiedAt), 6)
  shared.writeUInt32LE(crc32(bytes), 10)
  shared.writeUInt32LE(data.length, 14)
  shared.writeUInt32LE(bytes.length, 18)
  shared.writeUInt16LE(nameBytes.length, 22)
  const localStart = Buffer.from('PK\u0003\u0004', 'latin1')
  const centralStart = Buffer.from([...Buffer.from('PK\u0001\u0002', 'latin1'), versionNeeded, 0])
  return {
    local: Buffer.concat([localStart, shared, nameBytes, data]),
    // After the shared part: comment length, disk, internal and external attributes, and the offset of the file.
    central: Buffer.concat([centralStart, shared, Buffer.alloc(14), nameBytes]),
  }
}

/** MS-DOS date and time as one number, the time in its lower half. */
function dosTime(time: number): number {
  const at = new Date(time)
  const date = ((at.getUTCFullYear() - 1980) << 9) | ((at.getUTCMonth() + 1) << 5) | at.getUTCDate()
  const clock = (at.getUTCHours() << 11) | (at.getUTCMinutes() << 5) | (at.getUTCSeconds() >> 1)
  return date * 0x1_00_00 + clock
}
