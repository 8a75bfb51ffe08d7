import { sha256Text } from './digest.js';

/** A UUID of version 8 that follows from a text. Source: RFC 9562, section 5.8 */
export function uuidFrom(text: string): string {
  const hex = sha256Text(text);
  const variant = '89ab'.charAt(Number.parseInt(hex.charAt(16), 16) % 4);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
