"""The Customer block: persons and companies, their roles, contact media, documents, wishes and consents."""
