namespace CortexMl.Mutants;

/// <summary>Nothing can be said about any mutant: no checkout, nothing built, tests that fail without a mutation.</summary>
public sealed class BrokenSetupException(string message) : Exception(message);
