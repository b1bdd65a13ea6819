log('broken runs');
throw new Error('not today');
