"""Administration: roles, people, the trees and lists of the house, the catalogue, programs; all with history."""
