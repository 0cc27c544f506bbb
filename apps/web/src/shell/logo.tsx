/** The mark: a drum with its rope, turning back. */
export function Logo() {
  return (
    <span className="mb-2 grid size-7 place-items-center rounded-3 bg-accent text-accent-on" title="Windlass">
      <svg
        aria-hidden="true"
        viewBox="0 0 20 20"
        width="18"
        height="18"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.5"
        strokeLinecap="round"
        strokeLinejoin="round"
      >
        <circle cx="10" cy="11" r="4.5" />
        <path d="M10 6.5V2.5m0 0L8 4.5m2-2 2 2M5.5 11H2.5m15 0h-3" />
        <circle cx="10" cy="11" r=".6" fill="currentColor" />
      </svg>
    </span>
  );
}
