"""The forms of playbooks and rollouts."""
